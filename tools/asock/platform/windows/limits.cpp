// SPDX-License-Identifier: MIT

#include "platform/limits.hpp"

namespace asock {

// What bounds the handles of a process is its memory.
std::uint64_t raise_descriptor_limit()
{
    return 0;
}

} // namespace asock
