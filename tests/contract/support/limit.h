// SPDX-License-Identifier: MIT
//
// How long a test waits for something that should have happened long before: a hang becomes a red test.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_LIMIT_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_LIMIT_H

#include <chrono>

namespace contract {

// 60 seconds, or what the environment variable ASYNC_SOCKET_TEST_LIMIT_SECONDS says.
std::chrono::seconds generous_limit();

} // namespace contract

#endif
