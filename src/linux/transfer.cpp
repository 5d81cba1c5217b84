// SPDX-License-Identifier: MIT

#include "linux/transfer.hpp"

#include <limits.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "linux/listening.hpp"

namespace async_socket::detail {

namespace {

// What one of the program's own functions answered, held to what send() and recv() may answer: none moves more bytes
// than it was given, only a receive moves none, and a failure has an error.
ssize_t checked(int answer, std::size_t length, bool may_be_none) noexcept
{
    if (answer > 0 && static_cast<std::size_t>(answer) > length) {
        errno = EOVERFLOW;
        return -1;
    }
    const bool is_failure_without_error = answer < 0 && errno == 0;
    if (is_failure_without_error || (answer == 0 && !may_be_none)) {
        errno = EIO;
        return -1;
    }
    return answer < 0 ? -1 : answer;
}

// Makes one attempt; the number of bytes, or -1 and errno.
ssize_t send_some(operation& sent) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = sent.socket;
    const iovec& first = sent.buffers()[sent.current];
    if (socket->custom != nullptr) {
        // SRS_ASYNC_SOCKET_LINUX_01_004
        errno = 0;
        return checked(socket->custom->on_send(socket->custom->on_send_context, socket, first.iov_base, first.iov_len),
                       first.iov_len, false);
    }
    if (sent.current + 1 == sent.buffer_count) {
        return send(socket->fd, first.iov_base, first.iov_len, send_flags | MSG_DONTWAIT);
    }
    return sendmsg(socket->fd, remaining_message(sent), send_flags | MSG_DONTWAIT);
}

ssize_t receive_some(operation& received) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = received.socket;
    const iovec& first = received.buffers()[received.current];
    if (socket->custom != nullptr) {
        // SRS_ASYNC_SOCKET_LINUX_01_004
        errno = 0;
        return checked(socket->custom->on_recv(socket->custom->on_recv_context, socket, first.iov_base, first.iov_len),
                       first.iov_len, true);
    }
    if (received.current + 1 == received.buffer_count) {
        return recv(socket->fd, first.iov_base, first.iov_len, MSG_DONTWAIT);
    }
    return recvmsg(socket->fd, remaining_message(received), MSG_DONTWAIT);
}

// SRS_ASYNC_SOCKET_EX_01_016: its turn comes when all sends before it have ended.
transfer_result shutdown_sending(const operation& ending) noexcept
{
    const bool failed = ::shutdown(ending.socket->fd, SHUT_WR) != 0;
    return {progress::ended, failed ? errno : 0};
}

bool is_would_block(int error) noexcept
{
    return error == EAGAIN || error == EWOULDBLOCK;
}

} // namespace

void advance(operation& moved, std::size_t bytes) noexcept
{
    moved.transferred += static_cast<std::uint32_t>(bytes);
    iovec* const buffers = moved.buffers();
    while (moved.current < moved.buffer_count && bytes >= buffers[moved.current].iov_len) {
        bytes -= buffers[moved.current].iov_len;
        ++moved.current;
    }
    if (bytes > 0) {
        iovec& partial = buffers[moved.current];
        partial.iov_base = static_cast<unsigned char*>(partial.iov_base) + bytes;
        partial.iov_len -= bytes;
    }
}

msghdr* remaining_message(operation& moved) noexcept
{
    msghdr& message = moved.block->message;
    message = {};
    message.msg_iov = moved.buffers() + moved.current;
    message.msg_iovlen = std::min<std::size_t>(moved.buffer_count - moved.current, IOV_MAX);
    return &message;
}

// SRS_ASYNC_SOCKET_LINUX_01_008, SRS_ASYNC_SOCKET_LINUX_01_020, SRS_ASYNC_SOCKET_GUARANTEE_01_008
transfer_result try_send(operation& sent) noexcept
{
    while (sent.transferred < sent.total_length) {
        const ssize_t bytes = send_some(sent);
        if (bytes >= 0) {
            advance(sent, static_cast<std::size_t>(bytes));
        } else if (is_would_block(errno)) {
            return {progress::would_block, 0};
        } else if (errno != EINTR) {
            return {progress::ended, errno};
        }
    }
    return {progress::ended, 0};
}

// SRS_ASYNC_SOCKET_LINUX_01_019, SRS_ASYNC_SOCKET_LINUX_01_020. Goes on as long as buffers are filled to the brim,
// since the system takes no more than IOV_MAX of them at a time and the program's own function only one.
transfer_result try_receive(operation& received) noexcept
{
    while (received.transferred < received.total_length) {
        const std::uint32_t before = received.current;
        const ssize_t bytes = receive_some(received);
        if (bytes > 0) {
            advance(received, static_cast<std::size_t>(bytes));
            if (received.current == before) {
                break;
            }
        } else if (bytes < 0 && errno == EINTR) {
            continue;
        } else if (received.transferred > 0) {
            // What it met after bytes had come, the next receive will meet again.
            break;
        } else if (bytes < 0 && is_would_block(errno)) {
            return {progress::would_block, 0};
        } else {
            return {progress::ended, bytes == 0 ? 0 : errno};
        }
    }
    return {progress::ended, 0};
}

transfer_result attempt(operation& first) noexcept
{
    switch (first.kind) {
    case work_kind::send:
        return try_send(first);
    case work_kind::shutdown:
        return shutdown_sending(first);
    case work_kind::accept:
        return try_accept(first);
    default:
        return try_receive(first);
    }
}

transfer_result try_notify(const operation& notified) noexcept
{
    pollfd watched{};
    watched.fd = notified.socket->fd;
    watched.events = notified.kind == work_kind::notify_in ? POLLIN : POLLOUT;
    int count = 0;
    do {
        count = poll(&watched, 1, 0);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        return {progress::ended, errno};
    }
    if (count == 0) {
        return {progress::would_block, 0};
    }
    // SRS_ASYNC_SOCKET_LINUX_01_024
    return {progress::ended, (watched.revents & (POLLERR | POLLNVAL)) != 0 ? EIO : 0};
}

} // namespace async_socket::detail
