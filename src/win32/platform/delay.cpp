// SPDX-License-Identifier: MIT

#include <new>

#include "common/lifecycle/lifecycle.hpp"
#include "common/operation/operation_id.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/engine/spare_thread.hpp"
#include "win32/engine/timer_queue.hpp"
#include "win32/operation/operation_list.hpp"
#include "win32/socket/status.hpp"
#include "win32/system/last_error.hpp"

namespace async_socket::detail {

namespace {

struct delay : timer_entry, operation_entry {
    bool is_cancelled = false; // under the mutex of its list
    EXECUTION_ENGINE_HANDLE engine = nullptr;
    ON_ASYNC_COMPLETE on_complete = nullptr;
    void* context = nullptr;
};

// SRS_ASYNC_DELAY_01_006. It ends where all delays end: on a thread of the pool.
void cancel_delay_entry(operation_entry& entry) noexcept
{
    auto& cancelled = static_cast<delay&>(entry);
    cancelled.is_cancelled = true;
    cancelled.engine->timers.hurry(cancelled);
}

// SRS_ASYNC_DELAY_01_001, SRS_ASYNC_DELAY_01_002
void run_delay(timer_entry& timer, PTP_CALLBACK_INSTANCE) noexcept
{
    auto* const ended = static_cast<delay*>(&timer);
    const EXECUTION_ENGINE_HANDLE engine = ended->engine;
    {
        const pool_callback callback(engine);
        const running_operation running(engine->delays_of(ended->id), *ended);
        // Nobody cancels it any more.
        const ASYNC_COMPLETION completion{ended->is_cancelled ? ASYNC_STATUS_CANCELLED : ASYNC_STATUS_OK, 0, 0};
        const ON_ASYNC_COMPLETE on_complete = ended->on_complete;
        void* const context = ended->context;
        delete ended;
        on_complete(context, &completion);
    }
    // SRS_ASYNC_DELAY_01_004
    execution_engine_dec_ref(engine);
}

} // namespace

bool start_delay(const char* function, EXECUTION_ENGINE_HANDLE engine, std::uint32_t, std::uint32_t delay_ms,
                 ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete, void* context) noexcept
{
    const time_point_ns due = due_in_ms(delay_ms);
    auto* const started = new (std::nothrow) delay;
    if (started == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        return false;
    }
    if (!engine->timers.prepare(function, engine)) {
        delete started;
        return false;
    }
    // SRS_ASYNC_DELAY_01_004
    execution_engine_inc_ref(engine);
    started->run = run_delay;
    started->engine = engine;
    started->on_complete = on_complete;
    started->context = context;
    started->cancel = cancel_delay_entry;
    started->id = next_operation_id(0);
    // SRS_ASYNC_DELAY_01_003: before it starts.
    if (id != nullptr) {
        *id = started->id;
    }
    operation_list& delays = engine->delays_of(started->id);
    // Under the mutex, so that a cancel finds it either not at all or in the queue.
    const std::lock_guard lock(delays.mutex);
    delays.add(*started);
    engine->timers.schedule(*started, due);
    return true;
}

bool cancel_delay(const char*, EXECUTION_ENGINE_HANDLE engine, ASYNC_OPERATION_ID id) noexcept
{
    operation_list& delays = engine->delays_of(id);
    const std::lock_guard lock(delays.mutex);
    delays.cancel(id);
    return true;
}

void cancel_delay_and_wait(EXECUTION_ENGINE_HANDLE engine, ASYNC_OPERATION_ID id) noexcept
{
    end_waiter waiter;
    {
        operation_list& delays = engine->delays_of(id);
        const std::lock_guard lock(delays.mutex);
        if (!delays.cancel_and_link(id, waiter)) {
            return;
        }
    }
    const blocked_thread blocked;
    waiter.wait(lifecycle());
}

} // namespace async_socket::detail
