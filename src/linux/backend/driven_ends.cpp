// SPDX-License-Identifier: MIT
//
// Operations that this side ends before their own end.

#include <cerrno>
#include <initializer_list>

#include "linux/backend/driven_backend.hpp"

namespace async_socket::detail {

void driven_backend::end_early(operation* asked) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = asked->socket;
    channel& direction = channel_of(*asked);
    const bool is_first = direction.queue.front() == asked;
    if (is_first && direction.state == channel_state::attempted) {
        // Seen when the attempt is over.
        return;
    }
    if (is_first && direction.is_with_kernel()) {
        hurry_kernel(socket, direction);
        return;
    }
    direction.queue.remove(asked);
    owner_.ended(asked, ECANCELED);
    if (is_first && direction.state == channel_state::asleep) {
        start(socket, direction);
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_025
void driven_backend::close(ASYNC_SOCKET_HANDLE socket) noexcept
{
    for (channel* direction : {&socket->sends, &socket->receives}) {
        if (direction->is_with_kernel()) {
            hurry_kernel(socket, *direction);
        }
        give_up_queue(*direction);
    }
    cancel_notifications(socket);
    give_up_notifications(socket);
}

// Ends what is not in flight. What is in flight must end first, and calls this again.
void driven_backend::give_up_queue(channel& direction) noexcept
{
    if (direction.in_flight()) {
        return;
    }
    while (!direction.queue.empty()) {
        owner_.given_up(direction.queue.pop_front());
    }
    direction.state = channel_state::idle;
}

void driven_backend::give_up_notifications(ASYNC_SOCKET_HANDLE socket) noexcept
{
    operation* next = nullptr;
    for (operation* each = socket->notifications.front(); each != nullptr; each = next) {
        next = operation_queue::next_of(each);
        if (!each->in_flight) {
            socket->notifications.remove(each);
            owner_.given_up(each);
        }
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_036
void driven_backend::give_up_attempted(ASYNC_SOCKET_HANDLE socket) noexcept
{
    for (channel* direction : {&socket->receives, &socket->sends}) {
        operation* const first = direction->queue.front();
        if (direction->state != channel_state::attempted || !attempted_.is(first)) {
            continue;
        }
        attempted_.end();
        direction->queue.pop_front();
        if (first->ends_early() != early_end::none) {
            // What it holds already is not to be lost.
            const bool holds_bytes = first->kind == work_kind::receive && first->transferred != 0;
            owner_.ended(first, holds_bytes ? 0 : ECANCELED);
        } else {
            owner_.given_up(first);
        }
        direction->state = channel_state::idle;
        start(socket, *direction);
        // The turn that the attempt was part of does not go on.
        add_turn(socket);
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_018
void driven_backend::end_all(ASYNC_SOCKET_HANDLE socket, int error) noexcept
{
    for (channel* direction : {&socket->sends, &socket->receives}) {
        if (direction->is_with_kernel()) {
            first_ended(socket, *direction, error);
        }
    }
    operation* next = nullptr;
    for (operation* each = socket->notifications.front(); each != nullptr; each = next) {
        next = operation_queue::next_of(each);
        if (is_notification(each->kind)) {
            notification_ended(each, error);
        }
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_019
void driven_backend::hurry_kernel(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept
{
    direction.cancel_is_due = !cancel_first(socket, direction);
    if (direction.cancel_is_due) {
        has_untold_ = true;
        add_turn(socket);
    }
}

void driven_backend::tell_kernel_again(ASYNC_SOCKET_HANDLE socket) noexcept
{
    for (channel* direction : {&socket->sends, &socket->receives}) {
        if (direction->cancel_is_due) {
            hurry_kernel(socket, *direction);
        }
    }
    if (socket->notifications_are_due) {
        tell_of_notifications(socket);
    }
}

bool driven_backend::tell_kernel_all() noexcept
{
    if (has_untold_) {
        has_untold_ = false;
        turns_.for_each([this](ASYNC_SOCKET_HANDLE socket) { tell_kernel_again(socket); });
    }
    return !has_untold_;
}

} // namespace async_socket::detail
