// SPDX-License-Identifier: MIT
//
// What is given to the ring: operations, questions about descriptors, cancels.

#include <poll.h>

#include "linux/io_uring_ring.hpp"
#include "linux/transfer.hpp"

namespace async_socket::detail {

void io_uring_backend::start(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept
{
    if (socket->is_attempted()) {
        attempt_first(direction);
        return;
    }
    while (!direction.queue.empty()) {
        operation* const first = direction.queue.front();
        if (first->kind == work_kind::shutdown) {
            owner_.end(first, attempt(*first).error);
        } else if (receive_at_once(*first)) {
            continue;
        } else if (start_first(direction)) {
            return;
        } else {
            owner_.end(first, ENOBUFS);
        }
    }
}

// Where long receives come behind what is sent, one socket is emptied, as far as its turn goes, before the next: its
// sender need not wait for it then, and the round is not spent on doing the sender's work. False: it has not ended.
// SRS_ASYNC_SOCKET_LINUX_01_030
bool io_uring_backend::receive_at_once(operation& first) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = first.socket;
    if (first.kind != work_kind::receive || !socket->has_more) {
        return false;
    }
    const transfer_result result = try_receive(first);
    socket->has_more = first.transferred == first.total_length;
    if (result.state == progress::would_block) {
        return false;
    }
    owner_.end(&first, result.error);
    return true;
}

bool io_uring_backend::start_first(channel& direction) noexcept
{
    return direction.queue.front()->kind == work_kind::send ? send_first(direction) : receive_first(direction);
}

bool io_uring_backend::send_first(channel& direction) noexcept
{
    operation* const sent = direction.queue.front();
    io_uring_sqe* const entry = next_entry();
    if (entry == nullptr) {
        return false;
    }
    // With MSG_WAITALL the kernel continues a short send by itself, where it knows how to.
    constexpr int flags = send_flags | MSG_WAITALL;
    const iovec& first = sent->buffers()[sent->current];
    if (sent->current + 1 == sent->buffer_count) {
        io_uring_prep_send(entry, sent->socket->fd, first.iov_base, first.iov_len, flags);
    } else {
        io_uring_prep_sendmsg(entry, sent->socket->fd, remaining_message(*sent), flags);
    }
    entry->user_data = reinterpret_cast<std::uint64_t>(sent);
    sent->in_flight = true;
    return true;
}

bool io_uring_backend::receive_first(channel& direction) noexcept
{
    operation* const received = direction.queue.front();
    io_uring_sqe* const entry = next_entry();
    if (entry == nullptr) {
        return false;
    }
    if (received->buffer_count == 1) {
        const iovec& only = *received->buffers();
        io_uring_prep_recv(entry, received->socket->fd, only.iov_base, only.iov_len, 0);
    } else {
        io_uring_prep_recvmsg(entry, received->socket->fd, remaining_message(*received), 0);
    }
    entry->user_data = reinterpret_cast<std::uint64_t>(received);
    received->in_flight = true;
    return true;
}

bool io_uring_backend::await_readiness(operation* waiting, short events) noexcept
{
    io_uring_sqe* const entry = next_entry();
    if (entry == nullptr) {
        return false;
    }
    io_uring_prep_poll_add(entry, waiting->socket->fd, static_cast<unsigned>(events));
    entry->user_data = reinterpret_cast<std::uint64_t>(waiting) | readiness_bit;
    return true;
}

void io_uring_backend::start_notification(operation* notified) noexcept
{
    if (!await_readiness(notified, notified->kind == work_kind::notify_in ? POLLIN : POLLOUT)) {
        owner_.end(notified, ENOBUFS);
    }
}

// The program's own functions, and accepts, are tried here, and the kernel is only asked when to try again.
void io_uring_backend::attempt_first(channel& direction) noexcept
{
    while (!direction.queue.empty()) {
        operation* const first = direction.queue.front();
        const bool is_send = first->kind == work_kind::send;
        const transfer_result result = attempt(*first);
        if (result.state == progress::paused) {
            owner_.pause(first->socket);
            return;
        }
        const bool waits = result.state == progress::would_block;
        if (waits && first->ends_early() != early_end::none) {
            // Its end was asked for while the kernel was asked about the socket.
            owner_.end(first, ECANCELED);
            continue;
        }
        if (waits && await_readiness(first, is_send ? POLLOUT : POLLIN)) {
            first->in_flight = true;
            return;
        }
        owner_.end(first, waits ? ENOBUFS : result.error);
    }
}

void io_uring_backend::cancel_entry(std::uint64_t user_data) noexcept
{
    // Where there is no entry to be had, the shutdown that went before ends the operation, too.
    if (io_uring_sqe* const entry = next_entry()) {
        io_uring_prep_cancel64(entry, user_data, 0);
        entry->user_data = 0;
    }
}

bool io_uring_backend::watch(fd_watch& started) noexcept
{
    io_uring_sqe* const entry = next_entry();
    if (entry == nullptr) {
        return false;
    }
    io_uring_prep_poll_add(entry, started.fd, POLLOUT);
    entry->user_data = reinterpret_cast<std::uint64_t>(&started) | watch_bit;
    started.is_watched = true;
    return true;
}

void io_uring_backend::cancel_watch(fd_watch& cancelled) noexcept
{
    cancel_entry(reinterpret_cast<std::uint64_t>(&cancelled) | watch_bit);
    // Should there have been no entry for that: this makes the socket ready.
    ::shutdown(cancelled.fd, SHUT_RDWR);
}

void io_uring_backend::cancel_first(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept
{
    const std::uint64_t bit = socket->is_attempted() ? readiness_bit : 0;
    cancel_entry(reinterpret_cast<std::uint64_t>(direction.queue.front()) | bit);
}

// SRS_ASYNC_SOCKET_LINUX_01_025
void io_uring_backend::cancel(ASYNC_SOCKET_HANDLE socket) noexcept
{
    for (channel* direction : {&socket->sends, &socket->receives}) {
        if (direction->in_flight()) {
            cancel_first(socket, *direction);
        }
    }
    for (const operation* each = socket->notifications.front(); each != nullptr;
         each = operation_queue::next_of(const_cast<operation*>(each))) {
        cancel_entry(reinterpret_cast<std::uint64_t>(each) | readiness_bit);
    }
}

} // namespace async_socket::detail
