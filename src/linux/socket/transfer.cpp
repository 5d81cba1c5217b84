// SPDX-License-Identifier: MIT

#include "linux/socket/transfer.hpp"

#include <limits.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "linux/socket/status.hpp"
#include "linux/system/system_error.hpp"

namespace async_socket::detail {

namespace {

// What one of the program's own functions answered, held to what send() and recv() may answer: none moves more bytes
// than it was given, and a failure has an error.
ssize_t checked(int answer, std::size_t length) noexcept
{
    if (answer > 0 && static_cast<std::size_t>(answer) > length) {
        errno = EOVERFLOW;
        return -1;
    }
    if (answer < 0 && errno == 0) {
        errno = EIO;
    }
    return answer < 0 ? -1 : answer;
}

// Each makes one attempt; the number of bytes, or -1 and errno.
ssize_t send_some(const operation& sent, const piece& next) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = sent.socket;
    ssize_t bytes = 0;
    if (socket->custom != nullptr) {
        // SRS_ASYNC_SOCKET_LINUX_01_004
        errno = 0;
        bytes = checked(
            socket->custom->on_send(socket->custom->on_send_context, socket, next.first.iov_base, next.first.iov_len),
            next.first.iov_len);
    } else if (next.message == nullptr) {
        bytes = send(socket->fd, next.first.iov_base, next.first.iov_len, send_flags | MSG_DONTWAIT);
    } else {
        bytes = sendmsg(socket->fd, next.message, send_flags | MSG_DONTWAIT);
    }
    // SRS_ASYNC_SOCKET_LINUX_01_032: none that takes nothing would ever end.
    if (bytes == 0) {
        errno = EIO;
        return -1;
    }
    return bytes;
}

ssize_t receive_some(const operation& received, const piece& next) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = received.socket;
    if (socket->custom != nullptr) {
        // SRS_ASYNC_SOCKET_LINUX_01_004
        errno = 0;
        return checked(
            socket->custom->on_recv(socket->custom->on_recv_context, socket, next.first.iov_base, next.first.iov_len),
            next.first.iov_len);
    }
    if (next.message == nullptr) {
        return recv(socket->fd, next.first.iov_base, next.first.iov_len, MSG_DONTWAIT);
    }
    return recvmsg(socket->fd, next.message, MSG_DONTWAIT);
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

// SRS_ASYNC_SOCKET_LINUX_01_031
piece next_piece(operation& moved) noexcept
{
    iovec* const rest = moved.buffers() + moved.current;
    const std::size_t most = std::min<std::size_t>(moved.buffer_count - moved.current, IOV_MAX);
    const iovec first{rest->iov_base, std::min(rest->iov_len, largest_piece)};
    std::size_t length = first.iov_len;
    std::size_t count = 1;
    // The program's own functions take one buffer at a time.
    if (moved.socket->custom == nullptr) {
        while (count < most && length + rest[count].iov_len <= largest_piece) {
            length += rest[count++].iov_len;
        }
    }
    if (count == 1) {
        return {first, nullptr, length};
    }
    msghdr& message = moved.block->message;
    message = {};
    message.msg_iov = rest;
    message.msg_iovlen = count;
    return {first, &message, length};
}

// SRS_ASYNC_SOCKET_LINUX_01_008, SRS_ASYNC_SOCKET_LINUX_01_020, SRS_ASYNC_SOCKET_GUARANTEE_01_008
transfer_result try_send(operation& sent, turn& own, const attempted_operation& attempted) noexcept
{
    const bool is_custom = sent.socket->custom != nullptr;
    while (sent.transferred < sent.total_length) {
        if (own.is_over()) {
            return {progress::turn_over};
        }
        const ssize_t bytes = send_some(sent, next_piece(sent));
        const int error = errno;
        if (is_custom && !attempted.is(&sent)) {
            return {progress::gone};
        }
        own.spend(static_cast<std::size_t>(std::max<ssize_t>(bytes, 0)));
        if (bytes > 0) {
            advance(sent, static_cast<std::size_t>(bytes));
        } else if (is_would_block(error)) {
            return {progress::would_block};
        } else if (error != EINTR) {
            return {progress::ended, error};
        }
    }
    return {progress::ended};
}

// SRS_ASYNC_SOCKET_LINUX_01_019, SRS_ASYNC_SOCKET_LINUX_01_020. Goes on as long as buffers are filled to the brim,
// since one call takes no more than a piece.
transfer_result try_receive(operation& received, turn& own, const attempted_operation& attempted) noexcept
{
    const bool is_custom = received.socket->custom != nullptr;
    while (received.transferred < received.total_length) {
        if (own.is_over()) {
            // Bytes that are there already are not to wait for others.
            return {received.transferred > 0 ? progress::ended : progress::turn_over};
        }
        const piece next = next_piece(received);
        const ssize_t bytes = receive_some(received, next);
        const int error = errno;
        if (is_custom && !attempted.is(&received)) {
            return {progress::gone};
        }
        own.spend(static_cast<std::size_t>(std::max<ssize_t>(bytes, 0)));
        if (bytes > 0) {
            advance(received, static_cast<std::size_t>(bytes));
            if (static_cast<std::size_t>(bytes) < next.length) {
                return {progress::ended, 0, true};
            }
        } else if (bytes < 0 && error == EINTR) {
            continue;
        } else if (bytes < 0 && is_would_block(error)) {
            return {received.transferred > 0 ? progress::ended : progress::would_block, 0, true};
        } else if (received.transferred > 0) {
            // The system tells an error once. What it was short of, it may have the next time.
            if (bytes < 0 && is_fatal(error)) {
                note_error(*received.socket, error);
            }
            return {progress::ended};
        } else {
            return {progress::ended, bytes == 0 ? 0 : error};
        }
    }
    return {progress::ended};
}

bool is_ready(int fd, short events) noexcept
{
    pollfd watched{};
    watched.fd = fd;
    watched.events = events;
    return uninterrupted([&] { return poll(&watched, 1, 0); }) > 0;
}

transfer_result try_notify(const operation& notified) noexcept
{
    pollfd watched{};
    watched.fd = notified.socket->fd;
    watched.events = notified.kind == work_kind::notify_in ? POLLIN : POLLOUT;
    const int count = uninterrupted([&] { return poll(&watched, 1, 0); });
    if (count < 0) {
        return {progress::ended, errno};
    }
    if (count == 0) {
        return {progress::would_block};
    }
    // SRS_ASYNC_SOCKET_LINUX_01_024
    return {progress::ended, (watched.revents & (POLLERR | POLLNVAL)) != 0 ? EIO : 0};
}

} // namespace async_socket::detail
