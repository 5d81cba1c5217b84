// SPDX-License-Identifier: MIT

#include "async_socket/async_delay.h"

#include <cerrno>

#include "common/arguments.hpp"
#include "common/log.hpp"
#include "linux/execution_engine.hpp"
#include "linux/start_operation.hpp"
#include "linux/system_error.hpp"

namespace async_socket::detail {

namespace {

// The worker that the delay is with; nullptr where the name is none of a delay of this engine.
worker* worker_of(EXECUTION_ENGINE_HANDLE engine, ASYNC_OPERATION_ID id) noexcept
{
    const std::uint64_t place = operation_place(id);
    return place < engine->worker_count ? &engine->workers[place] : nullptr;
}

// One that can be told from the name of the delay.
worker& choose_worker_for_delay(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    worker& chosen = choose_worker(engine);
    return engine->workers[static_cast<std::size_t>(&chosen - engine->workers) & operation_place_mask];
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
    if (delay_ms == ASYNC_NO_TIMEOUT) {
        log_refused(__func__, "delay_ms", "is no time");
        return 1;
    }
    worker& own = choose_worker_for_delay(execution_engine);
    operation::callback_of_kind callback{};
    callback.complete = on_complete;
    operation* const started =
        prepare_operation(own, own.house(), work_kind::delay, 0, callback, context, {true, delay_ms, id},
                          static_cast<std::uint64_t>(&own - execution_engine->workers));
    if (started == nullptr) {
        log_system_failure(__func__, "operator new", ENOMEM);
        return 1;
    }
    // SRS_ASYNC_DELAY_01_004
    execution_engine_inc_ref(execution_engine);
    // SRS_ASYNC_DELAY_01_001, SRS_ASYNC_DELAY_01_002
    own.submit(started);
    return 0;
}

// SRS_ASYNC_DELAY_01_006
int async_delay_cancel(EXECUTION_ENGINE_HANDLE execution_engine, ASYNC_OPERATION_ID id)
{
    if (!check_cancel_arguments(__func__, "execution_engine", execution_engine, id)) {
        return 1;
    }
    worker* const whose = worker_of(execution_engine, id);
    if (whose == nullptr) {
        return 0;
    }
    // Until the request is served.
    execution_engine_inc_ref(execution_engine);
    if (!whose->cancel(whose->house(), id)) {
        execution_engine_dec_ref(execution_engine);
        log_system_failure(__func__, "operator new", ENOMEM);
        return 1;
    }
    return 0;
}

// SRS_ASYNC_DELAY_01_007
int async_delay_cancel_and_wait(EXECUTION_ENGINE_HANDLE execution_engine, ASYNC_OPERATION_ID id)
{
    if (!check_cancel_arguments(__func__, "execution_engine", execution_engine, id)) {
        return 1;
    }
    worker* const whose = worker_of(execution_engine, id);
    if (whose == nullptr) {
        return 0;
    }
    // Until the request is served.
    execution_engine_inc_ref(execution_engine);
    if (worker::current() == whose) {
        whose->cancel_and_wait_here(whose->house(), id);
        return 0;
    }
    end_waiter waiter;
    cancel_request request(whose->house(), id, &waiter);
    whose->post_cancel(request);
    waiter.wait(whose->house()->life);
    return 0;
}
