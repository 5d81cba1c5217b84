// SPDX-License-Identifier: MIT

#ifndef ASYNC_SOCKET_TESTS_SIM_MEMORY_H
#define ASYNC_SOCKET_TESTS_SIM_MEMORY_H

#include <cstddef>

namespace sim {

// Blocks that the library has allocated in the world and not freed.
std::size_t live_allocations();

} // namespace sim

#endif
