// SPDX-License-Identifier: MIT

#include "async_socket/async_delay.h"

#include <new>

#include "common/arguments.hpp"
#include "common/lifecycle.hpp"
#include "common/log.hpp"
#include "common/operation_id.hpp"
#include "win32/execution_engine.hpp"
#include "win32/last_error.hpp"
#include "win32/operation_list.hpp"
#include "win32/status.hpp"
#include "win32/timer_queue.hpp"

namespace async_socket::detail {

namespace {

struct delay : timer_entry, operation_entry {
    bool is_cancelled = false; // under the mutex of its list
    EXECUTION_ENGINE_HANDLE engine = nullptr;
    ON_ASYNC_COMPLETE on_complete = nullptr;
    void* context = nullptr;
};

// SRS_ASYNC_DELAY_01_006. It ends where all delays end: on a thread of the pool.
void cancel_delay(operation_entry& entry) noexcept
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

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_delay_start(EXECUTION_ENGINE_HANDLE execution_engine, uint32_t delay_ms, ASYNC_OPERATION_ID* id,
                      ON_ASYNC_COMPLETE on_complete, void* context)
{
    // SRS_ASYNC_DELAY_01_005
    if (execution_engine == nullptr || on_complete == nullptr) {
        log_refused(__func__, execution_engine == nullptr ? "execution_engine" : "on_complete", "is NULL");
        return 1;
    }
    if (delay_ms == UINT32_MAX) {
        log_refused(__func__, "delay_ms", "is UINT32_MAX");
        return 1;
    }
    const time_point_ns due = due_in_ms(delay_ms);
    auto* const started = new (std::nothrow) delay;
    if (started == nullptr) {
        log_system_failure(__func__, "operator new", ERROR_OUTOFMEMORY);
        return 1;
    }
    if (!execution_engine->timers.prepare(__func__, execution_engine)) {
        delete started;
        return 1;
    }
    // SRS_ASYNC_DELAY_01_004
    execution_engine_inc_ref(execution_engine);
    started->run = run_delay;
    started->engine = execution_engine;
    started->on_complete = on_complete;
    started->context = context;
    started->cancel = cancel_delay;
    started->id = next_operation_id(0);
    // SRS_ASYNC_DELAY_01_003: before it starts.
    if (id != nullptr) {
        *id = started->id;
    }
    operation_list& delays = execution_engine->delays_of(started->id);
    // Under the mutex, so that a cancel finds it either not at all or in the queue.
    const std::lock_guard lock(delays.mutex);
    delays.add(*started);
    execution_engine->timers.schedule(*started, due);
    return 0;
}

int async_delay_cancel(EXECUTION_ENGINE_HANDLE execution_engine, ASYNC_OPERATION_ID id)
{
    if (!check_cancel_arguments(__func__, "execution_engine", execution_engine, id)) {
        return 1;
    }
    operation_list& delays = execution_engine->delays_of(id);
    const std::lock_guard lock(delays.mutex);
    delays.cancel(id);
    return 0;
}

// SRS_ASYNC_DELAY_01_007
int async_delay_cancel_and_wait(EXECUTION_ENGINE_HANDLE execution_engine, ASYNC_OPERATION_ID id)
{
    if (!check_cancel_arguments(__func__, "execution_engine", execution_engine, id)) {
        return 1;
    }
    end_waiter waiter;
    {
        operation_list& delays = execution_engine->delays_of(id);
        const std::lock_guard lock(delays.mutex);
        if (!delays.cancel_and_link(id, waiter)) {
            return 0;
        }
    }
    const blocked_thread blocked;
    waiter.wait(lifecycle());
    return 0;
}
