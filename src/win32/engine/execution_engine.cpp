// SPDX-License-Identifier: MIT

#include "win32/engine/execution_engine.hpp"

#include <algorithm>
#include <new>

#include "async_socket/execution_engine_win32.h"
#include "common/diagnostics/log.hpp"
#include "win32/system/last_error.hpp"

using async_socket::detail::check_thread_counts;
using async_socket::detail::log_refused;
using async_socket::detail::log_system_failure;

namespace {

EXECUTION_ENGINE_HANDLE create_engine(const char* function, const EXECUTION_ENGINE_WIN32_PARAMETERS& wanted) noexcept
{
    // SRS_EXECUTION_ENGINE_01_006
    auto* engine = new (std::nothrow) EXECUTION_ENGINE_TAG;
    if (engine == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        return nullptr;
    }

    // SRS_EXECUTION_ENGINE_WIN32_01_008
    engine->reuses_operations = wanted.reuse_operations;
    engine->minimum = wanted.min_thread_count;
    // SRS_EXECUTION_ENGINE_WIN32_01_003
    engine->pool = CreateThreadpool(nullptr);
    if (engine->pool == nullptr) {
        log_system_failure(function, "CreateThreadpool", GetLastError());
        delete engine;
        return nullptr;
    }
    // SRS_EXECUTION_ENGINE_01_004, SRS_EXECUTION_ENGINE_WIN32_01_005. Before the minimum, so that no more threads are
    // made than are allowed.
    if (wanted.max_thread_count != 0) {
        engine->maximum = wanted.max_thread_count;
        SetThreadpoolThreadMaximum(engine->pool, wanted.max_thread_count);
    }
    // SRS_EXECUTION_ENGINE_01_003, SRS_EXECUTION_ENGINE_WIN32_01_004
    if (!SetThreadpoolThreadMinimum(engine->pool, wanted.min_thread_count)) {
        log_system_failure(function, "SetThreadpoolThreadMinimum", GetLastError());
        CloseThreadpool(engine->pool);
        delete engine;
        return nullptr;
    }
    // SRS_EXECUTION_ENGINE_01_002
    return engine;
}

} // namespace

EXECUTION_ENGINE_HANDLE execution_engine_win32_create(const EXECUTION_ENGINE_WIN32_PARAMETERS* parameters)
{
    // SRS_EXECUTION_ENGINE_WIN32_01_007
    if (parameters == nullptr) {
        log_refused(__func__, "parameters", "is NULL");
        return nullptr;
    }
    return check_thread_counts(__func__, parameters->min_thread_count, parameters->max_thread_count)
               ? create_engine(__func__, *parameters)
               : nullptr;
}

PTP_POOL execution_engine_win32_get_threadpool(EXECUTION_ENGINE_HANDLE execution_engine)
{
    // SRS_EXECUTION_ENGINE_WIN32_01_001
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return nullptr;
    }
    // SRS_EXECUTION_ENGINE_WIN32_01_002
    return execution_engine->pool;
}

namespace async_socket::detail {

engine_core& core_of(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    return *engine;
}

EXECUTION_ENGINE_HANDLE make_engine(const char* function, std::uint32_t minimum, std::uint32_t maximum) noexcept
{
    // SRS_EXECUTION_ENGINE_WIN32_01_012
    return create_engine(function, {minimum, maximum, false});
}

// SRS_EXECUTION_ENGINE_WIN32_01_006. The pool lets a thread finish the callback that it is running.
void end_engine(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    engine->timers.stop();
    CloseThreadpool(engine->pool);
    delete engine;
}

} // namespace async_socket::detail
