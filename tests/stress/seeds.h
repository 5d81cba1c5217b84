// SPDX-License-Identifier: MIT
//
// Seeds of programs that once failed, here or in a development build. They run first, every time.

#ifndef ASYNC_SOCKET_TESTS_STRESS_SEEDS_H
#define ASYNC_SOCKET_TESTS_STRESS_SEEDS_H

#include <array>
#include <cstdint>

namespace stress {

inline constexpr std::array<std::uint64_t, 4> seeds_that_once_failed{3745041499, 3320484496, 1346826982, 2137703256};

} // namespace stress

#endif
