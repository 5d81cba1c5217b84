// SPDX-License-Identifier: MIT
//
// Chance: the same numbers for the same seed everywhere.

#ifndef ASYNC_SOCKET_TESTS_SIM_RANDOM_H
#define ASYNC_SOCKET_TESTS_SIM_RANDOM_H

#include <cstdint>

#include "support/random.h"

namespace sim {

class random : public contract::random {
public:
    using contract::random::random;

    bool one_in(std::uint32_t times) { return below(times) == 0; }
    // 1 .. largest, small ones more often
    std::uint32_t size(std::uint32_t largest) { return halved(largest, 10); }
};

} // namespace sim

#endif
