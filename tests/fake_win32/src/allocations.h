// SPDX-License-Identifier: MIT
//
// The memory that operator new(std::nothrow) has given and not got back.

#ifndef FAKE_WIN32_ALLOCATIONS_H
#define FAKE_WIN32_ALLOCATIONS_H

#include <cstddef>

namespace fake_win32 {

// An OVERLAPPED or a buffer of a pending operation must not stand in memory that is freed.
void check_freed_memory(const void* memory, std::size_t size);

} // namespace fake_win32

#endif
