// SPDX-License-Identifier: MIT

#include "linux/transport/socket_transport.hpp"

#include <sys/socket.h>

#include <poll.h>

#include <cerrno>
#include <climits>
#include <cstddef>

#include "common/diagnostics/log.hpp"
#include "common/time/deadline.hpp"
#include "linux/system/system_error.hpp"
#include "linux/transport/message_buffers.hpp"
#include "linux/transport/wait.hpp"

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

// Whether the error is what is left of a connection that the peer has broken. This side's own disconnect looks the
// same.
bool was_broken_by_peer(SOCKET_TRANSPORT_HANDLE transport, int error) noexcept
{
    return (error == ECONNRESET || error == EPIPE) && !transport->gate.is_closed();
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

} // namespace

SOCKET_SEND_RESULT send_on(SOCKET_TRANSPORT_HANDLE transport, const SOCKET_BUFFER* payload, std::uint32_t buffer_count,
                           std::uint32_t* bytes_sent, std::uint32_t flags, void*) noexcept
{
    const transfer sent = send_all(transport->fd, buffer_cursor(payload, buffer_count), static_cast<int>(flags));
    // SRS_SOCKET_TRANSPORT_01_037, SRS_SOCKET_TRANSPORT_LINUX_01_012
    if (bytes_sent != nullptr) {
        *bytes_sent = static_cast<std::uint32_t>(sent.bytes);
    }
    if (sent.error == 0) {
        return SOCKET_SEND_OK;
    }
    // SRS_SOCKET_TRANSPORT_01_038, SRS_SOCKET_TRANSPORT_01_039
    if (sent.error != EAGAIN) {
        log_system_failure("socket_transport_send", sent.failed_call, sent.error);
    }
    // SRS_SOCKET_TRANSPORT_01_051
    return was_broken_by_peer(transport, sent.error) ? SOCKET_SEND_SHUTDOWN : SOCKET_SEND_FAILED;
}

SOCKET_RECEIVE_RESULT receive_on(SOCKET_TRANSPORT_HANDLE transport, SOCKET_BUFFER* payload, std::uint32_t buffer_count,
                                 std::uint32_t* bytes_received, std::uint32_t flags, void*) noexcept
{
    const buffer_cursor buffers(payload, buffer_count);
    transfer received = receive_some(transport->fd, buffers, static_cast<int>(flags));
    const bool is_end = received.error == 0 && received.bytes == 0 && !buffers.at_end();
    // SRS_SOCKET_TRANSPORT_LINUX_01_017: this end was made by our own shutdown, or cannot be told from one that was.
    if (is_end && transport->gate.is_closed()) {
        received.failed_call = "recvmsg";
        received.error = ECONNABORTED;
    }
    // SRS_SOCKET_TRANSPORT_01_042, SRS_SOCKET_TRANSPORT_LINUX_01_012
    if (bytes_received != nullptr) {
        *bytes_received = static_cast<std::uint32_t>(received.bytes);
    }
    if (received.error == 0 && is_end) {
        // SRS_SOCKET_TRANSPORT_01_052
        errno = 0;
        return SOCKET_RECEIVE_SHUTDOWN;
    }
    if (received.error == 0) {
        return SOCKET_RECEIVE_OK;
    }
    // SRS_SOCKET_TRANSPORT_01_043, SRS_SOCKET_TRANSPORT_LINUX_01_014, SRS_SOCKET_TRANSPORT_01_039
    if (received.error == EAGAIN) {
        return SOCKET_RECEIVE_WOULD_BLOCK;
    }
    // SRS_SOCKET_TRANSPORT_01_044
    log_system_failure("socket_transport_receive", received.failed_call, received.error);
    errno = received.error;
    // SRS_SOCKET_TRANSPORT_01_052
    return was_broken_by_peer(transport, received.error) ? SOCKET_RECEIVE_SHUTDOWN : SOCKET_RECEIVE_ERROR;
}

} // namespace async_socket::detail
