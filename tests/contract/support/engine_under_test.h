// SPDX-License-Identifier: MIT
//
// The engine that a suite runs on. The one place where a suite is bound to a back end; CMake picks the implementation.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_ENGINE_UNDER_TEST_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_ENGINE_UNDER_TEST_H

#include <cstdint>
#include <optional>

#include "async_socket/execution_engine.h"

namespace contract {

// As execution_engine_create, on the back end that the environment variable ASYNC_SOCKET_TEST_BACKEND names. NULL when
// there is no such back end on this machine. `reuse_operations`: whether the engine does, where that can be chosen; as
// the variable says, where nothing is given.
EXECUTION_ENGINE_HANDLE create_engine_under_test(std::uint32_t min_thread_count, std::uint32_t max_thread_count,
                                                 std::optional<bool> reuse_operations = std::nullopt);

} // namespace contract

#endif
