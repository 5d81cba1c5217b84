// SPDX-License-Identifier: MIT
//
// How often the process has allocated memory from the heap, on whichever thread and by whichever function.

#ifndef ASYNC_SOCKET_TESTS_COST_ALLOCATION_COUNT_H
#define ASYNC_SOCKET_TESTS_COST_ALLOCATION_COUNT_H

#include <cstddef>

namespace cost {

std::size_t allocation_count();

} // namespace cost

#endif
