// SPDX-License-Identifier: MIT

#include "win32/execution_engine.hpp"

#include <algorithm>
#include <new>

#include "async_socket/execution_engine_win32.h"
#include "common/callback_scope.hpp"
#include "common/log.hpp"
#include "win32/async_socket.hpp"
#include "win32/last_error.hpp"

using async_socket::detail::log_refused;
using async_socket::detail::log_system_failure;

namespace {

EXECUTION_ENGINE_HANDLE create_engine(const char* function, const EXECUTION_ENGINE_WIN32_PARAMETERS& wanted) noexcept
{
    // SRS_EXECUTION_ENGINE_01_005
    if (wanted.max_thread_count != 0 && wanted.max_thread_count < wanted.min_thread_count) {
        log_refused(function, "max_thread_count", "is less than min_thread_count");
        return nullptr;
    }

    // SRS_EXECUTION_ENGINE_01_006
    auto* engine = new (std::nothrow) EXECUTION_ENGINE_TAG;
    if (engine == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        return nullptr;
    }

    // SRS_EXECUTION_ENGINE_WIN32_01_008
    engine->reuses_operations = wanted.reuse_operations;
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
        engine->minimum = wanted.min_thread_count;
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

EXECUTION_ENGINE_HANDLE execution_engine_create(const EXECUTION_ENGINE_PARAMETERS* parameters)
{
    // SRS_EXECUTION_ENGINE_01_001
    static constexpr EXECUTION_ENGINE_PARAMETERS defaults{DEFAULT_MIN_THREAD_COUNT, DEFAULT_MAX_THREAD_COUNT};
    const EXECUTION_ENGINE_PARAMETERS& wanted = parameters != nullptr ? *parameters : defaults;
    // SRS_EXECUTION_ENGINE_WIN32_01_012
    return create_engine(__func__, {wanted.min_thread_count, wanted.max_thread_count, false});
}

EXECUTION_ENGINE_HANDLE execution_engine_win32_create(const EXECUTION_ENGINE_WIN32_PARAMETERS* parameters)
{
    // SRS_EXECUTION_ENGINE_WIN32_01_007
    if (parameters == nullptr) {
        log_refused(__func__, "parameters", "is NULL");
        return nullptr;
    }
    return create_engine(__func__, *parameters);
}

void execution_engine_inc_ref(EXECUTION_ENGINE_HANDLE execution_engine)
{
    // SRS_EXECUTION_ENGINE_01_007
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return;
    }
    // SRS_EXECUTION_ENGINE_01_008. Relaxed: the caller's own reference keeps the engine alive.
    execution_engine->references.fetch_add(1, std::memory_order_relaxed);
}

void execution_engine_dec_ref(EXECUTION_ENGINE_HANDLE execution_engine)
{
    // SRS_EXECUTION_ENGINE_01_009
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return;
    }
    // SRS_EXECUTION_ENGINE_01_010, SRS_EXECUTION_ENGINE_WIN32_01_006. Acquire-release: the last one sees all that the
    // others did with the engine. The pool lets a thread finish the callback that it is running.
    if (execution_engine->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        execution_engine->timers.stop();
        CloseThreadpool(execution_engine->pool);
        delete execution_engine;
    }
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

namespace {

thread_local bool is_blocked = false;

// Sets the pool's bounds anew; under the engine's mutex. The minimum goes along, for a pool that may have a thread more
// need not make one for what has been waiting in its queue all the time; Wine's does not.
void allow_for_blocked_threads(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    const std::uint32_t extra = std::min(engine->blocked, UINT32_MAX - engine->maximum);
    const std::uint32_t minimum = extra == 0 ? engine->minimum : std::max(engine->minimum, extra + 1);
    SetThreadpoolThreadMaximum(engine->pool, engine->maximum + extra);
    if (!SetThreadpoolThreadMinimum(engine->pool, minimum)) {
        log_system_failure("async_socket_close", "SetThreadpoolThreadMinimum", GetLastError());
    }
}

} // namespace

blocked_thread::blocked_thread() noexcept
{
    // An open callback runs on whatever thread opens; the pool knows of the others.
    const callback_scope* scope = callback_scope::innermost();
    while (scope != nullptr && scope->platform_callback() == nullptr) {
        scope = scope->outer();
    }
    // The socket of a running callback is not freed, and keeps its engine; so does a delay.
    const EXECUTION_ENGINE_HANDLE engine = scope != nullptr ? scope->socket()->engine : engine_of_timer_callback();
    if (engine == nullptr || is_blocked || engine->maximum == 0) {
        return;
    }
    engine_ = engine;
    is_blocked = true;
    const std::lock_guard lock(engine_->blocked_mutex);
    ++engine_->blocked;
    allow_for_blocked_threads(engine_);
}

blocked_thread::~blocked_thread()
{
    if (engine_ == nullptr) {
        return;
    }
    is_blocked = false;
    const std::lock_guard lock(engine_->blocked_mutex);
    --engine_->blocked;
    allow_for_blocked_threads(engine_);
}

} // namespace async_socket::detail
