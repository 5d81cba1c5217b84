// SPDX-License-Identifier: MIT
//
// Questions about the threads of an engine.

#include "async_socket/placement.h"

#include "api/platform/engine.hpp"
#include "api/platform/socket.hpp"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

// SRS_PLACEMENT_01_005
bool check_thread(const char* function, EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread) noexcept
{
    if (thread == EXECUTION_ENGINE_ANY_THREAD || thread < thread_count(engine)) {
        return true;
    }
    log_refused(function, "thread", "is none of the engine's");
    return false;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

// SRS_PLACEMENT_01_001
uint32_t execution_engine_get_thread_count(EXECUTION_ENGINE_HANDLE execution_engine)
{
    if (refused_in_child(__func__)) {
        return 0;
    }
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return 0;
    }
    return thread_count(execution_engine);
}

// SRS_PLACEMENT_01_002
uint32_t execution_engine_get_current_thread(EXECUTION_ENGINE_HANDLE execution_engine)
{
    if (refused_in_child(__func__)) {
        return EXECUTION_ENGINE_ANY_THREAD;
    }
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return EXECUTION_ENGINE_ANY_THREAD;
    }
    return current_thread(execution_engine);
}

// SRS_PLACEMENT_01_003
uint32_t async_socket_get_thread(ASYNC_SOCKET_HANDLE async_socket)
{
    if (refused_in_child(__func__)) {
        return EXECUTION_ENGINE_ANY_THREAD;
    }
    if (async_socket == nullptr) {
        log_refused(__func__, "async_socket", "is NULL");
        return EXECUTION_ENGINE_ANY_THREAD;
    }
    return thread_of(async_socket);
}
