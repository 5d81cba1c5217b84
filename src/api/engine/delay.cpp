// SPDX-License-Identifier: MIT

#include "async_socket/async_delay.h"

#include "api/platform/engine.hpp"
#include "async_socket/placement.h"
#include "common/arguments/arguments.hpp"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

namespace {

// Keeps the engine until the call is done with it, for by then the delay may have ended and its callback dropped the
// program's reference. SRS_ASYNC_DELAY_01_010
class engine_reference {
public:
    explicit engine_reference(EXECUTION_ENGINE_HANDLE engine) noexcept : engine_(engine)
    {
        execution_engine_inc_ref(engine_);
    }
    ~engine_reference() { execution_engine_dec_ref(engine_); }
    engine_reference(const engine_reference&) = delete;
    engine_reference& operator=(const engine_reference&) = delete;

private:
    EXECUTION_ENGINE_HANDLE engine_;
};

int start_checked_delay(const char* function, EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread,
                        std::uint32_t delay_ms, ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete,
                        void* context) noexcept
{
    // SRS_ASYNC_DELAY_01_005
    if (engine == nullptr || on_complete == nullptr) {
        log_refused(function, engine == nullptr ? "execution_engine" : "on_complete", "is NULL");
        return 1;
    }
    if (delay_ms == ASYNC_NO_TIMEOUT) {
        log_refused(function, "delay_ms", "is no time");
        return 1;
    }
    // SRS_PLACEMENT_01_005
    if (!check_thread(function, engine, thread)) {
        return 1;
    }
    const engine_reference during_call(engine);
    return start_delay(function, engine, thread, delay_ms, id, on_complete, context) ? 0 : 1;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_delay_start(EXECUTION_ENGINE_HANDLE execution_engine, uint32_t delay_ms, ASYNC_OPERATION_ID* id,
                      ON_ASYNC_COMPLETE on_complete, void* context)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    return start_checked_delay(__func__, execution_engine, EXECUTION_ENGINE_ANY_THREAD, delay_ms, id, on_complete,
                               context);
}

// SRS_PLACEMENT_01_006
int async_delay_start_on(EXECUTION_ENGINE_HANDLE execution_engine, uint32_t thread, uint32_t delay_ms,
                         ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete, void* context)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    return start_checked_delay(__func__, execution_engine, thread, delay_ms, id, on_complete, context);
}

// SRS_ASYNC_DELAY_01_006
int async_delay_cancel(EXECUTION_ENGINE_HANDLE execution_engine, ASYNC_OPERATION_ID id)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    if (!check_cancel_arguments(__func__, "execution_engine", execution_engine, id)) {
        return 1;
    }
    const engine_reference during_call(execution_engine);
    return cancel_delay(__func__, execution_engine, id) ? 0 : 1;
}

// SRS_ASYNC_DELAY_01_007
int async_delay_cancel_and_wait(EXECUTION_ENGINE_HANDLE execution_engine, ASYNC_OPERATION_ID id)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    if (!check_cancel_arguments(__func__, "execution_engine", execution_engine, id)) {
        return 1;
    }
    const engine_reference during_call(execution_engine);
    cancel_delay_and_wait(execution_engine, id);
    return 0;
}
