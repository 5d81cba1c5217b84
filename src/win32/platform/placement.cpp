// SPDX-License-Identifier: MIT
//
// The pool gives each callback to whichever thread is free, so there is nothing to place.

#include <algorithm>

#include "api/platform/engine.hpp"
#include "api/platform/socket.hpp"
#include "win32/engine/execution_engine.hpp"

namespace async_socket::detail {

// SRS_PLACEMENT_01_001
std::uint32_t thread_count(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    return std::max(engine->maximum != 0 ? engine->maximum : engine->minimum, std::uint32_t{1});
}

// SRS_PLACEMENT_01_002
std::uint32_t current_thread(EXECUTION_ENGINE_HANDLE) noexcept
{
    return EXECUTION_ENGINE_ANY_THREAD;
}

// SRS_PLACEMENT_01_004
void place(ASYNC_SOCKET_HANDLE, std::uint32_t) noexcept {}

// SRS_PLACEMENT_01_003
std::uint32_t thread_of(ASYNC_SOCKET_HANDLE) noexcept
{
    return EXECUTION_ENGINE_ANY_THREAD;
}

} // namespace async_socket::detail
