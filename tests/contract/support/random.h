// SPDX-License-Identifier: MIT
//
// Random numbers that are the same for the same seed on every platform and with every standard library, which the
// distributions of <random> are not.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_RANDOM_H
#define ASYNC_SOCKET_TESTS_CONTRACT_RANDOM_H

#include <cstdint>

namespace contract {

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

protected:
    // 1 .. largest, small ones more often: below one of so many bounds, each half of the one before.
    std::uint32_t halved(std::uint32_t largest, std::uint32_t bounds)
    {
        const std::uint32_t bound = largest >> below(bounds);
        return 1 + below(bound > 1 ? bound : 1);
    }

private:
    std::uint64_t state_;
};

} // namespace contract

#endif
