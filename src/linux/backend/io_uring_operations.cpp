// SPDX-License-Identifier: MIT
//
// What is given to the ring (operations, questions about descriptors, cancels), and what comes of it.

#include <poll.h>

#include "linux/backend/io_uring_ring.hpp"
#include "linux/socket/transfer.hpp"

namespace async_socket::detail {

void io_uring_backend::prepare_transfer(io_uring_sqe& entry, operation& moved) noexcept
{
    const int fd = moved.socket->fd;
    const piece next = next_piece(moved);
    if (moved.kind == work_kind::send) {
        // With MSG_WAITALL the kernel continues a short send by itself, where it knows how to.
        constexpr int flags = send_flags | MSG_WAITALL;
        if (next.message == nullptr) {
            io_uring_prep_send(&entry, fd, next.first.iov_base, next.first.iov_len, flags);
        } else {
            io_uring_prep_sendmsg(&entry, fd, next.message, flags);
        }
    } else if (next.message == nullptr) {
        io_uring_prep_recv(&entry, fd, next.first.iov_base, next.first.iov_len, 0);
    } else {
        io_uring_prep_recvmsg(&entry, fd, next.message, 0);
    }
    entry.user_data = reinterpret_cast<std::uint64_t>(&moved);
}

driven_backend::waiting io_uring_backend::wait_for(operation& first, int& error) noexcept
{
    error = failed_ != 0 ? failed_ : EBUSY;
    if (first.socket->is_attempted()) {
        const short events = first.kind == work_kind::send ? POLLOUT : POLLIN;
        return await_readiness(first, events) ? waiting::asked : waiting::refused;
    }
    io_uring_sqe* const entry = next_entry();
    if (entry == nullptr) {
        return waiting::refused;
    }
    prepare_transfer(*entry, first);
    return waiting::moving;
}

bool io_uring_backend::await_readiness(operation& waiting_for_it, short events) noexcept
{
    io_uring_sqe* const entry = next_entry();
    if (entry == nullptr) {
        return false;
    }
    io_uring_prep_poll_add(entry, waiting_for_it.socket->fd, static_cast<unsigned>(events));
    entry->user_data = reinterpret_cast<std::uint64_t>(&waiting_for_it) | readiness_bit;
    return true;
}

void io_uring_backend::start_notification(operation* notified) noexcept
{
    notified->in_flight = await_readiness(*notified, notified->kind == work_kind::notify_in ? POLLIN : POLLOUT);
    if (failed_ != 0) {
        notification_ended(notified, failed_);
    } else if (!notified->in_flight) {
        note_untold(notified->socket);
    }
}

void io_uring_backend::note_untold(ASYNC_SOCKET_HANDLE socket) noexcept
{
    socket->notifications_are_due = true;
    has_untold_ = true;
    add_turn(socket);
}

void io_uring_backend::tell_of_notifications(ASYNC_SOCKET_HANDLE socket) noexcept
{
    socket->notifications_are_due = false;
    if (socket->closing) {
        cancel_notifications(socket);
        return;
    }
    for (operation* each = socket->notifications.front(); each != nullptr && !socket->notifications_are_due;
         each = operation_queue::next_of(each)) {
        if (is_notification(each->kind) && !each->in_flight) {
            start_notification(each);
        }
    }
}

void io_uring_backend::cancel_notifications(ASYNC_SOCKET_HANDLE socket) noexcept
{
    for (operation* each = socket->notifications.front(); each != nullptr; each = operation_queue::next_of(each)) {
        if (each->in_flight && !cancel_entry(reinterpret_cast<std::uint64_t>(each) | readiness_bit)) {
            note_untold(socket);
            return;
        }
    }
}

bool io_uring_backend::cancel_entry(std::uint64_t user_data) noexcept
{
    io_uring_sqe* const entry = next_entry();
    if (entry == nullptr) {
        return false;
    }
    io_uring_prep_cancel64(entry, user_data, 0);
    entry->user_data = 0;
    return true;
}

bool io_uring_backend::cancel_first(ASYNC_SOCKET_HANDLE, channel& direction) noexcept
{
    const std::uint64_t bit = direction.state == channel_state::asked ? readiness_bit : 0;
    return cancel_entry(reinterpret_cast<std::uint64_t>(direction.queue.front()) | bit);
}

int io_uring_backend::watch(fd_watch& started) noexcept
{
    io_uring_sqe* const entry = next_entry();
    if (entry == nullptr) {
        return failed_ != 0 ? failed_ : EBUSY;
    }
    io_uring_prep_poll_add(entry, started.fd, POLLOUT);
    entry->user_data = reinterpret_cast<std::uint64_t>(&started) | watch_bit;
    started.is_watched = true;
    return 0;
}

void io_uring_backend::cancel_watch(fd_watch& cancelled) noexcept
{
    if (failed_ != 0) {
        cancelled.is_watched = false;
        return;
    }
    static_cast<void>(cancel_entry(reinterpret_cast<std::uint64_t>(&cancelled) | watch_bit));
    // Should there have been no entry for that: this makes the socket ready.
    ::shutdown(cancelled.fd, SHUT_RDWR);
}

void io_uring_backend::take(const io_uring_cqe& completion) noexcept
{
    const std::uint64_t user_data = completion.user_data;
    if (user_data == 0) {
        return;
    }
    if (user_data == reinterpret_cast<std::uint64_t>(&wake_count_)) {
        await_wake();
        return;
    }
    if ((user_data & watch_bit) != 0) {
        auto& ended = *reinterpret_cast<fd_watch*>(user_data & ~watch_bit);
        ended.is_watched = false;
        owner_.watch_ended(ended);
        return;
    }
    begin_turn();
    auto* const finished = reinterpret_cast<operation*>(user_data & ~readiness_bit);
    if ((user_data & readiness_bit) != 0) {
        take_readiness(finished, completion.res);
        return;
    }
    if (finished->kind == work_kind::receive) {
        note_what_is_left(*finished, completion);
    }
    take_transfer(finished, completion.res);
}

// Where long receives come behind what is sent, one socket is emptied, as far as its turn goes, before the next: its
// sender need not wait for it then, and the round is not spent on doing the sender's work.
// SRS_ASYNC_SOCKET_LINUX_01_030
void io_uring_backend::note_what_is_left(operation& received, const io_uring_cqe& completion) noexcept
{
    // With less a system call of its own costs more than it gains.
    constexpr std::uint32_t long_receive = 16 * 1024;
    const bool is_filled = completion.res > 0 && static_cast<std::uint32_t>(completion.res) == received.total_length;
    received.socket->receives.ready =
        is_filled && received.total_length >= long_receive && (completion.flags & IORING_CQE_F_SOCK_NONEMPTY) != 0;
}

// `result`: the events that hold, or a negative error.
void io_uring_backend::take_readiness(operation* asked_about, int result) noexcept
{
    if (is_notification(asked_about->kind)) {
        // SRS_ASYNC_SOCKET_LINUX_01_024
        const bool is_broken = result >= 0 && (result & (POLLERR | POLLNVAL)) != 0;
        notification_ended(asked_about, result < 0 ? -result : is_broken ? EIO : 0);
        return;
    }
    channel& direction = channel_of(*asked_about);
    if (result < 0) {
        first_ended(asked_about->socket, direction, -result);
        return;
    }
    direction.ready = true;
    first_came_back(asked_about->socket, direction);
}

// `result`: the number of bytes, or a negative error.
void io_uring_backend::take_transfer(operation* moved, int result) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = moved->socket;
    channel& direction = channel_of(*moved);
    // SRS_ASYNC_SOCKET_LINUX_01_020
    if (result == -EINTR || result == -EAGAIN) {
        first_came_back(socket, direction);
        return;
    }
    if (result < 0) {
        first_ended(socket, direction, -result);
        return;
    }
    const bool is_end_of_piece =
        moved->current < moved->buffer_count && next_piece(*moved).length == static_cast<std::size_t>(result);
    advance(*moved, static_cast<std::size_t>(result));
    const bool is_whole = moved->transferred == moved->total_length;
    if (moved->kind == work_kind::send) {
        // SRS_ASYNC_SOCKET_LINUX_01_008, SRS_ASYNC_SOCKET_LINUX_01_032
        if (is_whole || result == 0) {
            first_ended(socket, direction, is_whole ? 0 : EIO);
        } else {
            first_came_back(socket, direction);
        }
    } else if (is_end_of_piece && !is_whole) {
        // SRS_ASYNC_SOCKET_LINUX_01_019: the rest of the buffers may be filled from what is there already.
        direction.ready = true;
        first_came_back(socket, direction);
    } else {
        first_ended(socket, direction, 0);
    }
}

} // namespace async_socket::detail
