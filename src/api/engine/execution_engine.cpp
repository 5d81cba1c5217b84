// SPDX-License-Identifier: MIT

#include "async_socket/execution_engine.h"

#include "api/platform/engine.hpp"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

// SRS_EXECUTION_ENGINE_01_005
bool check_thread_counts(const char* function, std::uint32_t minimum, std::uint32_t maximum) noexcept
{
    if (maximum != 0 && maximum < minimum) {
        log_refused(function, "max_thread_count", "is less than min_thread_count");
        return false;
    }
    return true;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

EXECUTION_ENGINE_HANDLE execution_engine_create(const EXECUTION_ENGINE_PARAMETERS* parameters)
{
    if (refused_in_child(__func__)) {
        return nullptr;
    }
    // SRS_EXECUTION_ENGINE_01_001
    static constexpr EXECUTION_ENGINE_PARAMETERS defaults{DEFAULT_MIN_THREAD_COUNT, DEFAULT_MAX_THREAD_COUNT};
    const EXECUTION_ENGINE_PARAMETERS& wanted = parameters != nullptr ? *parameters : defaults;
    if (!check_thread_counts(__func__, wanted.min_thread_count, wanted.max_thread_count)) {
        return nullptr;
    }
    // SRS_EXECUTION_ENGINE_01_002, SRS_EXECUTION_ENGINE_01_006
    return make_engine(__func__, wanted.min_thread_count, wanted.max_thread_count);
}

void execution_engine_inc_ref(EXECUTION_ENGINE_HANDLE execution_engine)
{
    if (refused_in_child(__func__)) {
        return;
    }
    // SRS_EXECUTION_ENGINE_01_007, SRS_ASYNC_SOCKET_LOG_01_007
    if (execution_engine == nullptr) {
        return;
    }
    // SRS_EXECUTION_ENGINE_01_008. Relaxed: the caller's own reference keeps the engine alive.
    core_of(execution_engine).references.fetch_add(1, std::memory_order_relaxed);
}

void execution_engine_dec_ref(EXECUTION_ENGINE_HANDLE execution_engine)
{
    if (refused_in_child(__func__)) {
        return;
    }
    // SRS_EXECUTION_ENGINE_01_009, SRS_ASYNC_SOCKET_LOG_01_007
    if (execution_engine == nullptr) {
        return;
    }
    // SRS_EXECUTION_ENGINE_01_010. Acquire-release: the last one sees all that the others did with the engine.
    if (core_of(execution_engine).references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        end_engine(execution_engine);
    }
}
