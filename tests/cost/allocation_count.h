// SPDX-License-Identifier: MIT
//
// How often the process has allocated memory from the heap, and how much, on whichever thread and by whichever
// function.

#ifndef ASYNC_SOCKET_TESTS_COST_ALLOCATION_COUNT_H
#define ASYNC_SOCKET_TESTS_COST_ALLOCATION_COUNT_H

#include <cstddef>

namespace cost {

std::size_t allocation_count();
// The sum of what was asked for; nothing is taken off it for what was given back.
std::size_t allocated_bytes();

} // namespace cost

#endif
