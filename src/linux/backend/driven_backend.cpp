// SPDX-License-Identifier: MIT

#include "linux/backend/driven_backend.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "linux/backend/attempt.hpp"
#include "linux/listen/listening.hpp"

namespace async_socket::detail {

namespace {

// How long the program's own function is left alone that would block though the descriptor is ready: 1 ms, and twice as
// long each time, to 64 ms. SRS_ASYNC_SOCKET_LINUX_01_035
constexpr std::uint8_t most_fruitless = 8;

time_point_ns pause_after(std::uint8_t fruitless) noexcept
{
    return time_point_ns{1'000'000} << (fruitless - 2);
}

short events_for(const operation& waiting) noexcept
{
    return waiting.kind == work_kind::send ? POLLOUT : POLLIN;
}

} // namespace

// SRS_ASYNC_SOCKET_LINUX_01_012, SRS_ASYNC_SOCKET_LINUX_01_019
void driven_backend::submit(operation* added) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = added->socket;
    if (is_notification(added->kind)) {
        socket->notifications.push_back(added);
        start_notification(added);
        return;
    }
    channel& direction = channel_of(*added);
    direction.queue.push_back(added);
    if (direction.state == channel_state::idle) {
        start(socket, direction);
    }
    if (!added->is_hurried() || added->has_ended) {
        return;
    }
    // SRS_ASYNC_SOCKET_EX_01_002, SRS_ASYNC_SOCKET_EX_01_007: what can be had without waiting, it has first.
    if (direction.state == channel_state::paused && socket->listener != nullptr) {
        // What was missing may be there by now. (The program's own function has said that it would block.)
        direction.ready = true;
        make_due(socket, direction);
    }
    if (direction.state == channel_state::due || direction.state == channel_state::attempted) {
        direction.has_hurried = true;
    } else if (added->ends_early() == early_end::none) {
        added->extra->reason = early_end::timed_out;
        end_early(added);
    }
}

// The program's own functions run in a turn only, wherever this is called.
// SRS_ASYNC_SOCKET_LINUX_01_036
void driven_backend::start(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept
{
    if (socket->closing) {
        give_up_queue(direction);
    } else if (direction.queue.empty()) {
        direction.state = channel_state::idle;
    } else if (socket->custom != nullptr) {
        // It may have bytes of its own, whatever the descriptor has.
        direction.ready = true;
        make_due(socket, direction);
    } else {
        static_cast<void>(drive(socket, direction));
    }
}

bool driven_backend::may_attempt(const ASYNC_SOCKET_TAG& socket, const channel& direction,
                                 const operation& first) const noexcept
{
    return direction.ready || first.kind == work_kind::shutdown || (first.is_hurried() && attempts(socket));
}

// Goes on with the first operation, and with those behind it, until one has to wait or the turn is over.
driven_backend::drive_result driven_backend::drive(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept
{
    direction.state = channel_state::idle;
    while (!direction.queue.empty()) {
        operation& first = *direction.queue.front();
        if (first.ends_early() != early_end::none) {
            end_front(direction, ECANCELED);
            continue;
        }
        if (socket->closing) {
            give_up_queue(direction);
            break;
        }
        progress result = progress::would_block;
        if (!may_attempt(*socket, direction, first)) {
            result = await_first(socket, direction);
        } else if (turn_.is_over()) {
            make_due(socket, direction);
        } else {
            result = attempt_first(socket, direction);
        }
        if (result != progress::ended) {
            return result == progress::gone ? drive_result::gone : drive_result::done;
        }
    }
    return drive_result::done;
}

// progress::ended: the operation has left the queue. Otherwise the channel waits, or is gone.
progress driven_backend::attempt_first(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept
{
    operation& first = *direction.queue.front();
    const std::uint32_t before = first.transferred;
    const bool is_programs = socket->custom != nullptr && first.kind != work_kind::shutdown;
    direction.state = channel_state::attempted;
    if (is_programs) {
        attempted_.begin(&first);
        owner_.program_code_begins();
    }
    const transfer_result result = attempt(first, turn_, attempted_);
    if (is_programs) {
        if (result.state == progress::gone) {
            return progress::gone;
        }
        attempted_.end();
    }
    direction.state = channel_state::idle;
    if (result.state == progress::ended || first.transferred != before) {
        direction.fruitless = 0;
    }
    switch (result.state) {
    case progress::ended:
        if (result.is_drained && !is_programs && !socket->short_is_not_empty) {
            direction.ready = false;
        }
        end_front(direction, result.error);
        break;
    case progress::would_block:
        return blocked(socket, direction, first);
    case progress::paused:
        if (ends_instead_of_waiting(socket, direction)) {
            return progress::ended;
        }
        direction.state = channel_state::paused;
        owner_.paused(socket, listening::pause);
        end_hurried(direction);
        break;
    default:
        make_due(socket, direction);
        break;
    }
    return result.state;
}

// Whether the first operation has ended because it would have to wait: it cannot, or its end was asked for, perhaps
// while it was attempted.
bool driven_backend::ends_instead_of_waiting(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept
{
    operation& first = *direction.queue.front();
    if (first.is_hurried() && first.ends_early() == early_end::none) {
        first.extra->reason = early_end::timed_out;
    }
    if (first.ends_early() == early_end::none && !socket->closing) {
        return false;
    }
    end_front(direction, ECANCELED);
    return true;
}

progress driven_backend::blocked(ASYNC_SOCKET_HANDLE socket, channel& direction, operation& first) noexcept
{
    direction.ready = false;
    if (ends_instead_of_waiting(socket, direction)) {
        return progress::ended;
    }
    if (socket->custom == nullptr || !is_ready(socket->fd, events_for(first))) {
        direction.fruitless = 0;
        return await_first(socket, direction);
    }
    // No event will come of what holds already. The bytes may have arrived since the function has looked; where they
    // have not, it waits for something that the descriptor does not tell.
    if (++direction.fruitless == 1) {
        direction.ready = true;
        make_due(socket, direction);
        return progress::turn_over;
    }
    direction.fruitless = std::min(direction.fruitless, most_fruitless);
    direction.state = channel_state::paused;
    owner_.paused(socket, pause_after(direction.fruitless));
    end_hurried(direction);
    return progress::paused;
}

// progress::ended: the kernel has refused it for good, and it has left the queue.
progress driven_backend::await_first(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept
{
    int error = 0;
    switch (wait_for(*direction.queue.front(), error)) {
    case waiting::asleep:
        direction.state = channel_state::asleep;
        break;
    case waiting::asked:
        direction.state = channel_state::asked;
        break;
    case waiting::moving:
        direction.state = channel_state::moving;
        break;
    case waiting::refused:
        if (error != EBUSY) {
            end_front(direction, error);
            return progress::ended;
        }
        make_due(socket, direction);
        return progress::would_block;
    }
    end_hurried(direction);
    operation& first = *direction.queue.front();
    if (first.is_hurried()) {
        // The kernel takes what is there before it hears of this.
        first.extra->reason = early_end::timed_out;
        hurry_kernel(socket, direction);
    }
    return progress::would_block;
}

void driven_backend::end_front(channel& direction, int error) noexcept
{
    owner_.ended(direction.queue.pop_front(), error);
}

// The first one has to wait; those behind it that cannot have waited long enough.
void driven_backend::end_hurried(channel& direction) noexcept
{
    if (!direction.has_hurried) {
        return;
    }
    direction.has_hurried = false;
    operation* next = operation_queue::next_of(direction.queue.front());
    while (next != nullptr) {
        operation* const each = next;
        next = operation_queue::next_of(each);
        if (each->is_hurried()) {
            each->extra->reason = early_end::timed_out;
            direction.queue.remove(each);
            owner_.ended(each, ECANCELED);
        }
    }
}

void driven_backend::became_ready(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept
{
    direction.ready = true;
    // A listener is paused for want of something that no event tells of.
    const bool goes_on = direction.state == channel_state::asleep ||
                         (direction.state == channel_state::paused && socket->custom != nullptr);
    if (goes_on) {
        start(socket, direction);
    }
}

void driven_backend::first_ended(ASYNC_SOCKET_HANDLE socket, channel& direction, int error) noexcept
{
    end_front(direction, error);
    first_came_back(socket, direction);
}

void driven_backend::first_came_back(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept
{
    direction.state = channel_state::idle;
    direction.cancel_is_due = false;
    start(socket, direction);
}

void driven_backend::notification_ended(operation* notified, int error) noexcept
{
    notified->in_flight = false;
    notified->socket->notifications.remove(notified);
    owner_.ended(notified, error);
}

} // namespace async_socket::detail
