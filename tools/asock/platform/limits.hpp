// SPDX-License-Identifier: MIT
//
// What the system lets a process have.

#ifndef ASOCK_PLATFORM_LIMITS_HPP
#define ASOCK_PLATFORM_LIMITS_HPP

#include <cstdint>

namespace asock {

// Lets the process have as many descriptors as it may have, and returns how many; 0: they are not bounded.
std::uint64_t raise_descriptor_limit();

} // namespace asock

#endif
