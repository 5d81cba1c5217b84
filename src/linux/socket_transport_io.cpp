// SPDX-License-Identifier: MIT

#include "linux/socket_transport.hpp"

#include <sys/socket.h>

#include <poll.h>

#include <cerrno>
#include <climits>
#include <cstddef>

#include "common/deadline.hpp"
#include "common/log.hpp"
#include "linux/socket_transport_buffers.hpp"
#include "linux/socket_transport_wait.hpp"
#include "linux/system_error.hpp"

namespace async_socket::detail {

namespace {

// What went over the socket; and, unless it is complete, the system call that ended it and its error.
struct transfer {
    std::size_t bytes = 0;
    const char* failed_call = nullptr;
    int error = 0;
};

// After `call` has failed: whether it is to be made again, having waited for what it needs where it may wait. Otherwise
// `result` says why not. A disconnect needs no descriptor of its own here: it shuts the socket down, and that ends the
// wait.
bool may_try_again(transfer& result, const char* call, int socket, short events, bool may_wait) noexcept
{
    // SRS_SOCKET_TRANSPORT_LINUX_01_003
    if (errno == EINTR) {
        return true;
    }
    result.failed_call = call;
    if (errno == EAGAIN && may_wait) {
        if (wait_until_ready(socket, events, -1, deadline(deadline::no_limit)) == wait_outcome::ready) {
            return true;
        }
        result.failed_call = "poll";
    }
    result.error = errno;
    return false;
}

// SRS_SOCKET_TRANSPORT_LINUX_01_011, SRS_SOCKET_TRANSPORT_LINUX_01_015
transfer send_all(int socket, buffer_cursor cursor, int flags) noexcept
{
    // SRS_SOCKET_TRANSPORT_LINUX_01_014
    const bool may_wait = (flags & MSG_DONTWAIT) == 0;
    transfer result;
    iovec window[IOV_MAX];
    for (;;) {
        msghdr message{};
        message.msg_iov = window;
        message.msg_iovlen = cursor.fill(window);
        // SRS_SOCKET_TRANSPORT_01_045, SRS_SOCKET_TRANSPORT_LINUX_01_002
        const ssize_t sent = sendmsg(socket, &message, flags | MSG_NOSIGNAL);
        if (sent >= 0) {
            result.bytes += static_cast<std::size_t>(sent);
            cursor.advance(static_cast<std::size_t>(sent));
            if (cursor.at_end()) {
                return result;
            }
        } else if (!may_try_again(result, "sendmsg", socket, POLLOUT, may_wait)) {
            return result;
        }
    }
}

// SRS_SOCKET_TRANSPORT_LINUX_01_013, SRS_SOCKET_TRANSPORT_LINUX_01_015
transfer receive_some(int socket, buffer_cursor cursor, int flags) noexcept
{
    // SRS_SOCKET_TRANSPORT_LINUX_01_014: nor does the system wait for what comes to the queue of errors.
    const bool may_wait = (flags & (MSG_DONTWAIT | MSG_ERRQUEUE)) == 0;
    // What was only looked at is still there: there is no going on behind it.
    const bool wants_all = (flags & MSG_WAITALL) != 0 && (flags & MSG_PEEK) == 0 && may_wait;
    transfer result;
    iovec window[IOV_MAX];
    for (;;) {
        msghdr message{};
        message.msg_iov = window;
        message.msg_iovlen = cursor.fill(window);
        // SRS_SOCKET_TRANSPORT_01_045
        const ssize_t received = recvmsg(socket, &message, flags);
        if (received >= 0) {
            result.bytes += static_cast<std::size_t>(received);
            cursor.advance(static_cast<std::size_t>(received));
            if (received == 0 || !wants_all || cursor.at_end()) {
                return result;
            }
        } else if (!may_try_again(result, "recvmsg", socket, POLLIN, may_wait)) {
            return result;
        }
    }
}

// The argument that is to be refused and why; none where all are good.
struct refusal {
    const char* argument = nullptr;
    const char* reason = nullptr;
};

refusal check(SOCKET_TRANSPORT_HANDLE transport, const SOCKET_BUFFER* payload, std::uint32_t buffer_count,
              const void* data) noexcept
{
    // SRS_SOCKET_TRANSPORT_01_035, SRS_SOCKET_TRANSPORT_01_040
    if (transport == nullptr) {
        return {"socket_transport", "is NULL"};
    }
    if (payload == nullptr) {
        return {"payload", "is NULL"};
    }
    if (buffer_count == 0) {
        return {"buffer_count", "is 0"};
    }
    // SRS_SOCKET_TRANSPORT_LINUX_01_010: a caller who means it to be asynchronous must not be made to wait.
    if (data != nullptr) {
        return {"data", "is not NULL, and there are no asynchronous operations on this platform"};
    }
    // SRS_SOCKET_TRANSPORT_LINUX_01_016
    std::uint64_t total = 0;
    for (std::uint32_t i = 0; i < buffer_count; ++i) {
        total += payload[i].length;
    }
    if (total > UINT32_MAX) {
        return {"payload", "has more bytes in all than can be counted"};
    }
    return {};
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

SOCKET_SEND_RESULT socket_transport_send(SOCKET_TRANSPORT_HANDLE socket_transport, const SOCKET_BUFFER* payload,
                                         uint32_t buffer_count, uint32_t* bytes_sent, uint32_t flags, void* data)
{
    const refusal refused = check(socket_transport, payload, buffer_count, data);
    if (refused.argument != nullptr) {
        log_refused(__func__, refused.argument, refused.reason);
        return SOCKET_SEND_INVALID_ARG;
    }
    // SRS_SOCKET_TRANSPORT_01_036
    const transport_use use(socket_transport);
    if (!use || socket_transport->type != SOCKET_CLIENT) {
        log_refused(__func__, "socket_transport", "is not connected");
        // There was no system call that could have set it.
        errno = ENOTCONN;
        return SOCKET_SEND_ERROR;
    }

    const transfer sent = send_all(socket_transport->fd, buffer_cursor(payload, buffer_count), static_cast<int>(flags));
    // SRS_SOCKET_TRANSPORT_01_037, SRS_SOCKET_TRANSPORT_LINUX_01_012
    if (bytes_sent != nullptr) {
        *bytes_sent = static_cast<std::uint32_t>(sent.bytes);
    }
    if (sent.error == 0) {
        return SOCKET_SEND_OK;
    }
    // SRS_SOCKET_TRANSPORT_01_038, SRS_SOCKET_TRANSPORT_01_039
    if (sent.error != EAGAIN) {
        log_system_failure(__func__, sent.failed_call, sent.error);
    }
    return SOCKET_SEND_FAILED;
}

SOCKET_RECEIVE_RESULT socket_transport_receive(SOCKET_TRANSPORT_HANDLE socket_transport, SOCKET_BUFFER* payload,
                                               uint32_t buffer_count, uint32_t* bytes_recv, uint32_t flags, void* data)
{
    const refusal refused = check(socket_transport, payload, buffer_count, data);
    if (refused.argument != nullptr) {
        log_refused(__func__, refused.argument, refused.reason);
        return SOCKET_RECEIVE_INVALID_ARG;
    }
    // SRS_SOCKET_TRANSPORT_01_041
    const transport_use use(socket_transport);
    if (!use || socket_transport->type != SOCKET_CLIENT) {
        log_refused(__func__, "socket_transport", "is not connected");
        errno = ENOTCONN;
        return SOCKET_RECEIVE_ERROR;
    }

    transfer received =
        receive_some(socket_transport->fd, buffer_cursor(payload, buffer_count), static_cast<int>(flags));
    // SRS_SOCKET_TRANSPORT_LINUX_01_017: this end was made by our own shutdown, or cannot be told from one that was.
    if (received.error == 0 && received.bytes == 0 && socket_transport->gate.is_closed()) {
        received.failed_call = "recvmsg";
        received.error = ECONNABORTED;
    }
    // SRS_SOCKET_TRANSPORT_01_042, SRS_SOCKET_TRANSPORT_LINUX_01_012
    if (bytes_recv != nullptr) {
        *bytes_recv = static_cast<std::uint32_t>(received.bytes);
    }
    if (received.error == 0) {
        return SOCKET_RECEIVE_OK;
    }
    // SRS_SOCKET_TRANSPORT_01_043, SRS_SOCKET_TRANSPORT_LINUX_01_014, SRS_SOCKET_TRANSPORT_01_039
    if (received.error == EAGAIN) {
        return SOCKET_RECEIVE_WOULD_BLOCK;
    }
    // SRS_SOCKET_TRANSPORT_01_044
    log_system_failure(__func__, received.failed_call, received.error);
    errno = received.error;
    return SOCKET_RECEIVE_ERROR;
}
