// SPDX-License-Identifier: MIT
//
// A delay that is an operation of a socket.

#include "api/platform/operations.hpp"

#include <mutex>
#include <new>

#include "common/diagnostics/log.hpp"
#include "common/lifecycle/callback_scope.hpp"
#include "common/operation/operation_id.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/engine/spare_thread.hpp"
#include "win32/engine/timer_queue.hpp"
#include "win32/socket/socket.hpp"
#include "win32/system/last_error.hpp"

namespace async_socket::detail {

namespace {

struct socket_delay : timer_entry, operation_entry {
    // OK: it has come to its own end. Under the mutex of the socket's list.
    ASYNC_STATUS status = ASYNC_STATUS_OK;
    ASYNC_SOCKET_HANDLE socket = nullptr;
    ON_ASYNC_COMPLETE on_complete = nullptr;
    void* context = nullptr;
};

void end_delay(socket_delay& ended, ASYNC_STATUS status) noexcept
{
    if (ended.status == ASYNC_STATUS_OK) {
        ended.status = status;
    }
    ended.socket->engine->timers.schedule(ended, 0);
}

void cancel_socket_delay(operation_entry& entry) noexcept
{
    end_delay(static_cast<socket_delay&>(entry), ASYNC_STATUS_CANCELLED);
}

// Its time has come, and a close or a cancel that finds it still in the list must not queue it once more: it would be
// run twice. SRS_ASYNC_SOCKET_EX_01_031
timer_step expire_socket_delay(timer_entry& timer) noexcept
{
    timer.is_closed = true;
    return timer_step::run;
}

void run_socket_delay(timer_entry& timer, PTP_CALLBACK_INSTANCE instance) noexcept
{
    auto* const ended = static_cast<socket_delay*>(&timer);
    const ASYNC_SOCKET_HANDLE socket = ended->socket;
    {
        const running_operation running(socket->operations, *ended);
        // Nobody ends it any more.
        const ASYNC_COMPLETION completion{ended->status, 0, 0};
        const ON_ASYNC_COMPLETE on_complete = ended->on_complete;
        void* const context = ended->context;
        delete ended;
        const pool_callback callback(socket->engine);
        const callback_scope scope(socket, instance);
        on_complete(context, &completion);
    }
    if (socket->life.end_operation()) {
        free_socket(socket);
    }
}

} // namespace

// SRS_ASYNC_SOCKET_EX_01_031
void close_delays(ASYNC_SOCKET_HANDLE socket) noexcept
{
    const std::lock_guard lock(socket->operations.mutex);
    socket->operations.for_each_pending([](operation_entry& entry) {
        if (entry.cancel == cancel_socket_delay) {
            end_delay(static_cast<socket_delay&>(entry), ASYNC_STATUS_CLOSED);
        }
    });
}

bool start_socket_delay(const char* function, ASYNC_SOCKET_HANDLE socket, const operation_request& request) noexcept
{
    auto* const started = new (std::nothrow) socket_delay;
    if (started == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        return false;
    }
    if (!socket->engine->timers.prepare(function, socket->engine)) {
        delete started;
        return false;
    }
    started->expire = expire_socket_delay;
    started->run = run_socket_delay;
    started->socket = socket;
    started->on_complete = request.callback.complete;
    started->context = request.context;
    started->cancel = cancel_socket_delay;
    started->id = next_operation_id(0);
    if (request.id != nullptr) {
        *request.id = started->id;
    }
    // Under the mutex, so that a cancel or a close finds it either not at all or in the queue.
    const std::lock_guard lock(socket->operations.mutex);
    socket->operations.add(*started);
    socket->engine->timers.schedule(*started, due_in_ms(request.timeout_ms));
    return true;
}

} // namespace async_socket::detail
