// SPDX-License-Identifier: MIT
//
// How many connections a relay can have.

#ifndef ASOCK_RELAY_CAPACITY_HPP
#define ASOCK_RELAY_CAPACITY_HPP

#include <cstdint>

namespace asock {

// How many relayed connections so many descriptors are enough for; 0 descriptors: they are not bounded.
std::uint32_t connections_for(std::uint64_t descriptors);

} // namespace asock

#endif
