// SPDX-License-Identifier: MIT

#include "win32/socket/tracked_operation.hpp"

#include <algorithm>

#include "common/lifecycle/callback_scope.hpp"
#include "common/operation/operation_id.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/engine/spare_thread.hpp"
#include "win32/socket/receiving.hpp"
#include "win32/socket/socket.hpp"
#include "win32/system/last_error.hpp"
#include "win32/transport/socket_transport.hpp"

namespace async_socket::detail {

namespace {

void cancel_io(tracked_operation& operation) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_109: while the system has the operation, there is a user.
    if (const transport_use use = transport_use::beside_others(operation.socket->transport)) {
        CancelIoEx(reinterpret_cast<HANDLE>(operation.socket->transport->socket), &operation.overlapped);
    }
}

// SRS_ASYNC_SOCKET_EX_01_011
void cancel_tracked(operation_entry& entry) noexcept
{
    auto& operation = static_cast<tracked_operation&>(entry);
    switch (operation.held_by.load(std::memory_order_relaxed)) {
    case holder::system:
        operation.end_early(end_reason::cancelled);
        operation.cancel_again();
        break;
    case holder::queue:
        end_queued_receive(operation, end_reason::cancelled);
        break;
    case holder::timer:
        break;
    }
}

// SRS_ASYNC_SOCKET_EX_01_002, SRS_ASYNC_SOCKET_EX_01_007
timer_step expire_tracked(timer_entry& timer) noexcept
{
    auto& operation = static_cast<tracked_operation&>(timer);
    // What the timer has already was set to now by whoever gave it to it.
    if (operation.take_from_queue(end_reason::timed_out) ||
        operation.held_by.load(std::memory_order_relaxed) == holder::timer) {
        return timer_step::run;
    }
    operation.end_early(end_reason::timed_out);
    return timer_step::again;
}

// SRS_ASYNC_SOCKET_EX_01_004, SRS_ASYNC_SOCKET_EX_01_009
ASYNC_COMPLETION completion_of(ASYNC_SOCKET_HANDLE socket, const tracked_operation& finished, ULONG io_result,
                               ULONG_PTR bytes) noexcept
{
    const bool is_send = finished.kind == io_kind::send_ex;
    const auto transferred = static_cast<std::uint32_t>(std::min<ULONG_PTR>(bytes, finished.total_length));
    if (io_result == NO_ERROR) {
        if (!is_send && bytes == 0) {
            return {ASYNC_STATUS_END_OF_STREAM, 0, 0};
        }
        const bool is_whole = is_send ? bytes == finished.total_length : bytes <= finished.total_length;
        return {is_whole ? ASYNC_STATUS_OK : ASYNC_STATUS_ERROR, 0, is_whole || is_send ? transferred : 0};
    }
    const std::uint32_t sent = is_send ? transferred : 0;
    if (was_ended_by_this_side(socket)) {
        return {ASYNC_STATUS_CLOSED, 0, sent};
    }
    const end_reason reason = finished.reason.load(std::memory_order_acquire);
    if (reason != end_reason::none && is_cancellation(io_result)) {
        return completion_of_reason(reason, sent);
    }
    log_system_failure("on_io_complete", is_send ? "send" : "receive", io_result);
    return {status_of_error(io_result), static_cast<std::int32_t>(io_result), sent};
}

} // namespace

tracked_operation* tracked_operation::create_for(const char* function, io_kind kind, ASYNC_SOCKET_HANDLE socket,
                                                 const operation_request& request) noexcept
{
    const time_point_ns limit = due_in_ms(request.timeout_ms);
    // A cancel may need it, and must not need memory.
    if (!socket->engine->timers.prepare(function, socket->engine)) {
        return nullptr;
    }
    io_operation* const made = io_operation::create(function, socket, kind, request);
    if (made == nullptr) {
        return nullptr;
    }
    auto* const operation = static_cast<tracked_operation*>(made);
    operation->socket = socket;
    operation->on_complete = request.says_how ? request.callback.complete : nullptr;
    operation->time_limit = limit;
    operation->cancel = cancel_tracked;
    operation->expire = expire_tracked;
    operation->run = complete_queued_receive;
    operation->can_end_early = request.id != nullptr || limit != never;
    return operation;
}

ASYNC_OPERATION_ID tracked_operation::begin(ASYNC_OPERATION_ID* name) noexcept
{
    const ASYNC_OPERATION_ID own_name = next_operation_id(0);
    id = own_name;
    // SRS_ASYNC_SOCKET_EX_01_003, SRS_ASYNC_SOCKET_EX_01_008
    if (name != nullptr) {
        *name = own_name;
    }
    const std::lock_guard lock(socket->operations.mutex);
    socket->operations.add(*this);
    return own_name;
}

void tracked_operation::withdraw() noexcept
{
    end_waiter* waiters_until_now = nullptr;
    {
        const std::lock_guard lock(socket->operations.mutex);
        socket->operations.remove(*this);
        waiters_until_now = waiters;
    }
    // A cancel may have set it.
    socket->engine->timers.remove(*this);
    // Whoever has read the name before the call has failed.
    end_waiter::signal_all(waiters_until_now);
}

void tracked_operation::note_reason(end_reason why) noexcept
{
    end_reason none = end_reason::none;
    reason.compare_exchange_strong(none, why, std::memory_order_acq_rel);
}

bool tracked_operation::take_from_queue(end_reason why) noexcept
{
    holder expected = holder::queue;
    if (!held_by.compare_exchange_strong(expected, holder::timer, std::memory_order_acq_rel)) {
        return false;
    }
    note_reason(why);
    return true;
}

void tracked_operation::end_early(end_reason why) noexcept
{
    note_reason(why);
    cancel_io(*this);
}

void tracked_operation::cancel_again() noexcept
{
    socket->engine->timers.schedule(*this, due_in_ms(cancel_again_ms));
}

void start_timer(ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept
{
    const std::lock_guard lock(socket->operations.mutex);
    start_timer_of(socket, id);
}

void start_timer_of(ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept
{
    operation_entry* const entry = socket->operations.find(id);
    if (entry != nullptr && !entry->is_running) {
        start_timer(static_cast<tracked_operation&>(*entry));
    }
}

void start_timer(tracked_operation& operation) noexcept
{
    // It may have come back by now, and wait, with its time running.
    if (operation.held_by.load(std::memory_order_relaxed) != holder::system) {
        return;
    }
    // A cancel that came before the system had the operation has cancelled nothing.
    if (operation.reason.load(std::memory_order_acquire) != end_reason::none) {
        cancel_io(operation);
        operation.cancel_again();
    } else if (operation.time_limit <= now_ns()) {
        operation.end_early(end_reason::timed_out);
        operation.cancel_again();
    } else {
        operation.socket->engine->timers.schedule(operation, operation.time_limit);
    }
}

void complete_tracked(ASYNC_SOCKET_HANDLE socket, PTP_CALLBACK_INSTANCE instance, tracked_operation* finished,
                      ULONG io_result, ULONG_PTR bytes) noexcept
{
    const running_operation running(socket->operations, *finished);
    // Nobody sets the timer any more, and nobody has where there was no reason to.
    if (finished->time_limit != never || finished->reason.load(std::memory_order_acquire) != end_reason::none) {
        socket->engine->timers.remove(*finished);
    }
    const ASYNC_COMPLETION completion = completion_of(socket, *finished, io_result, bytes);
    const ON_ASYNC_COMPLETE on_complete = finished->on_complete;
    void* const context = finished->callback_context;
    const bool is_error = completion.status != ASYNC_STATUS_OK && completion.status != ASYNC_STATUS_END_OF_STREAM;
    if (finished->kind == io_kind::send_ex) {
        count_send(socket, is_error, completion.bytes);
        note_error_of_send(socket, io_result);
        end_send(socket);
    } else {
        count_receive(socket, is_error, completion.bytes);
    }
    io_operation::destroy(socket, finished);

    const pool_callback callback(socket->engine);
    const callback_scope scope(socket, instance);
    on_complete(context, &completion);
}

} // namespace async_socket::detail
