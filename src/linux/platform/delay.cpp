// SPDX-License-Identifier: MIT

#include <cerrno>

#include "common/diagnostics/log.hpp"
#include "linux/engine/execution_engine.hpp"
#include "linux/engine/placement.hpp"
#include "linux/platform/prepare_operation.hpp"
#include "linux/system/system_error.hpp"

namespace async_socket::detail {

namespace {

// The worker that the delay is with; nullptr where the name is none of a delay of this engine.
worker* worker_of(EXECUTION_ENGINE_HANDLE engine, ASYNC_OPERATION_ID id) noexcept
{
    const std::uint64_t place = operation_place(id);
    return place < engine->worker_count ? &engine->workers[place] : nullptr;
}

// How many workers can be told from the name of a delay.
constexpr auto most_places = static_cast<std::uint32_t>(operation_place_mask) + 1;

} // namespace

bool start_delay(const char* function, EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread, std::uint32_t delay_ms,
                 ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete, void* context) noexcept
{
    if (thread != EXECUTION_ENGINE_ANY_THREAD && thread >= most_places) {
        log_refused(function, "thread", "is too large for a delay");
        return false;
    }
    // SRS_PLACEMENT_01_006
    worker& own = thread == EXECUTION_ENGINE_ANY_THREAD ? worker_in_turn(engine, most_places) : engine->workers[thread];
    operation* const started = prepare_operation(own, own.house(), work_kind::delay,
                                                 telling_request(on_complete, context, delay_ms, id), index_of(own));
    if (started == nullptr) {
        log_system_failure(function, "operator new", ENOMEM);
        return false;
    }
    // SRS_ASYNC_DELAY_01_004
    execution_engine_inc_ref(engine);
    // SRS_ASYNC_DELAY_01_001, SRS_ASYNC_DELAY_01_002
    own.submit(started);
    return true;
}

bool cancel_delay(const char* function, EXECUTION_ENGINE_HANDLE engine, ASYNC_OPERATION_ID id) noexcept
{
    worker* const whose = worker_of(engine, id);
    if (whose == nullptr) {
        return true;
    }
    // Until the request is served.
    execution_engine_inc_ref(engine);
    if (!whose->cancel(whose->house(), id)) {
        execution_engine_dec_ref(engine);
        log_system_failure(function, "operator new", ENOMEM);
        return false;
    }
    return true;
}

void cancel_delay_and_wait(EXECUTION_ENGINE_HANDLE engine, ASYNC_OPERATION_ID id) noexcept
{
    worker* const whose = worker_of(engine, id);
    if (whose == nullptr) {
        return;
    }
    // Until the request is served.
    execution_engine_inc_ref(engine);
    if (worker::current() == whose) {
        whose->cancel_and_wait_here(whose->house(), id);
        return;
    }
    end_waiter waiter;
    cancel_request request(whose->house(), id, &waiter);
    whose->post_cancel(request);
    waiter.wait(whose->house()->life);
}

} // namespace async_socket::detail
