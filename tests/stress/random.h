// SPDX-License-Identifier: MIT
//
// Random numbers that are the same for the same seed on every platform and with every standard library, which the
// distributions of <random> are not.

#ifndef ASYNC_SOCKET_TESTS_STRESS_RANDOM_H
#define ASYNC_SOCKET_TESTS_STRESS_RANDOM_H

#include <cstdint>

namespace stress {

class random {
public:
    explicit random(std::uint64_t seed) : state_(seed) {}

    // splitmix64
    std::uint64_t next()
    {
        std::uint64_t word = state_ += 0x9e3779b97f4a7c15U;
        word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9U;
        word = (word ^ (word >> 27)) * 0x94d049bb133111ebU;
        return word ^ (word >> 31);
    }

    // 0 .. bound - 1
    std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(next() % bound); }
    bool in_100(std::uint32_t times) { return below(100) < times; }
    // 1 .. largest, small ones more often
    std::uint32_t size(std::uint32_t largest)
    {
        const std::uint32_t bound = largest >> below(8);
        return 1 + below(bound > 1 ? bound : 1);
    }

private:
    std::uint64_t state_;
};

} // namespace stress

#endif
