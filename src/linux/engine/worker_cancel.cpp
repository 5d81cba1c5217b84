// SPDX-License-Identifier: MIT
//
// The part of a worker that ends operations before their own end: because somebody asks for it, or because their time
// is over.

#include <new>

#include "linux/connect/connecting.hpp"
#include "linux/engine/execution_engine.hpp"
#include "linux/engine/worker.hpp"
#include "linux/engine/worker_running.hpp"
#include "linux/listen/listening.hpp"

namespace async_socket::detail {

void worker::begin_timing(operation* added) noexcept
{
    if (added->extra->id != 0) {
        index_.add(added);
    }
    if (added->extra->timer.due != never && !added->extra->at_once) {
        timers_.push(added->extra->timer);
    }
}

void worker::stop_timer(worker_timer& stopped) noexcept
{
    if (timer_heap::is_queued(stopped)) {
        timers_.remove(stopped);
    }
}

// The operation was given to this worker and its callback has not been called.
void worker::end_early(operation* asked, early_end reason) noexcept
{
    if (asked->has_ended || asked->extra->reason != early_end::none) {
        return;
    }
    asked->extra->reason = reason;
    stop_timer(asked->extra->timer);
    if (asked->kind == work_kind::delay) {
        if (asked->socket != house()) {
            asked->socket->notifications.remove(asked);
        }
        // The end of its time is what a delay is for.
        asked->system_error = 0;
        asked->result = reason == early_end::cancelled ? ASYNC_STATUS_CANCELLED : ASYNC_STATUS_OK;
        move_to_ended(asked);
        return;
    }
    if (asked->kind == work_kind::connect) {
        asked->socket->connecting->give_up(*this);
        return;
    }
    backend_->end_early(asked);
}

void worker::end_what_is_due() noexcept
{
    if (timers_.empty()) {
        return;
    }
    const motion moving(*this);
    const time_point_ns now = now_ns();
    while (!timers_.empty() && timers_.front()->due <= now) {
        auto* const due = static_cast<worker_timer*>(timers_.front());
        timers_.remove(*due);
        switch (due->purpose) {
        case timer_purpose::operation:
            end_early(static_cast<operation*>(due->owner), early_end::timed_out);
            break;
        case timer_purpose::connecting:
            static_cast<connecting*>(due->owner)->go_on(*this);
            break;
        case timer_purpose::retry:
            backend_->begin_turn();
            backend_->resume(static_cast<ASYNC_SOCKET_HANDLE>(due->owner));
            break;
        }
    }
}

// SRS_ASYNC_LISTENER_01_013, SRS_ASYNC_SOCKET_LINUX_01_035
void worker::paused(ASYNC_SOCKET_HANDLE socket, time_point_ns pause) noexcept
{
    worker_timer& retry = socket->listener != nullptr ? socket->listener->retry : socket->custom->retry;
    const time_point_ns due = now_ns() + pause;
    if (timer_heap::is_queued(retry) && retry.due <= due) {
        return;
    }
    stop_timer(retry);
    retry.owner = socket;
    retry.due = due;
    start_timer(retry);
}

// Gives back what kept the socket, or the engine, until the request was served.
void worker::leave_after_cancel(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (socket == house()) {
        execution_engine_dec_ref(engine_);
    } else if (socket->life.end_visit()) {
        free_socket(socket);
    }
}

// SRS_ASYNC_SOCKET_EX_01_011, SRS_ASYNC_SOCKET_EX_01_012, SRS_ASYNC_DELAY_01_006
bool worker::cancel(ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept
{
    if (current() != this) {
        auto* const request = new (std::nothrow) cancel_request(socket, id, nullptr);
        if (request == nullptr) {
            return false;
        }
        post_cancel(*request);
        return true;
    }
    // The call that started it may be in there.
    take_inbox();
    operation* const found = index_.find(id);
    if (found != nullptr && found->socket == socket) {
        end_early(found, early_end::cancelled);
    }
    leave_after_cancel(socket);
    return true;
}

void worker::serve_cancel(cancel_request* request) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = request->socket;
    end_waiter* const waiter = request->waiter;
    const ASYNC_OPERATION_ID id = request->id;
    operation* const found = index_.find(id);
    if (waiter == nullptr) {
        delete request;
    }
    if (found != nullptr && found->socket == socket) {
        if (waiter != nullptr) {
            waiter->next = found->extra->waiters;
            found->extra->waiters = waiter;
        }
        end_early(found, early_end::cancelled);
        leave_after_cancel(socket);
        return;
    }
    // Not before the signal, for the last reference to the engine may be the waiting thread's own.
    leave_after_cancel(socket);
    if (waiter != nullptr) {
        running_operation* const running = find_running(running_, id);
        if (running != nullptr) {
            waiter->next = running->waiters;
            running->waiters = waiter;
        } else {
            waiter->signal();
        }
    }
}

void worker::post_cancel(cancel_request& request) noexcept
{
    if (inbox_.push(&request)) {
        backend_->wake();
    }
}

// SRS_ASYNC_SOCKET_EX_01_014, SRS_ASYNC_DELAY_01_007
void worker::cancel_and_wait_here(ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept
{
    take_inbox();
    operation* const found = index_.find(id);
    if (found == nullptr || found->socket != socket) {
        leave_after_cancel(socket);
        return;
    }
    end_early(found, early_end::cancelled);
    if (!found->has_ended) {
        backend_->give_up_attempted(socket);
    }
    while (!found->has_ended) {
        go_on(true);
        take_inbox();
    }
    socket->ended.remove(found);
    // The operation keeps the socket, or the engine, and a close inside its callback waits for visits.
    leave_after_cancel(socket);
    service own{socket, services_};
    services_ = &own;
    call(found);
    services_ = own.outer;
    // What else it has to do may have been put off for the sake of this callback.
    if (own.socket != nullptr && has_work(*socket)) {
        make_ready(socket);
    }
}

} // namespace async_socket::detail
