// SPDX-License-Identifier: MIT
//
// What a program of the stress test is drawn by.

#ifndef ASYNC_SOCKET_TESTS_STRESS_RANDOM_H
#define ASYNC_SOCKET_TESTS_STRESS_RANDOM_H

#include <cstdint>

#include "support/random.h"

namespace stress {

class random : public contract::random {
public:
    using contract::random::random;

    bool in_100(std::uint32_t times) { return below(100) < times; }
    // 1 .. largest, small ones more often
    std::uint32_t size(std::uint32_t largest) { return halved(largest, 8); }
};

} // namespace stress

#endif
