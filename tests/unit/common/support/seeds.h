// SPDX-License-Identifier: MIT
//
// The seeds of a test of random programs. They are new in every run, and every failure names its own:
// ASYNC_SOCKET_TEST_SEED repeats that one.

#ifndef ASYNC_SOCKET_TESTS_UNIT_COMMON_SEEDS_H
#define ASYNC_SOCKET_TESTS_UNIT_COMMON_SEEDS_H

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

inline std::vector<std::uint64_t> seeds(unsigned count)
{
    if (const char* const given = std::getenv("ASYNC_SOCKET_TEST_SEED")) {
        // Threads make a program go another way each time, so the one seed is tried as often.
        return std::vector<std::uint64_t>(count, std::strtoull(given, nullptr, 10));
    }
    const std::uint64_t first = std::random_device{}();
    std::printf("seeds: %llu .. %llu\n", static_cast<unsigned long long>(first),
                static_cast<unsigned long long>(first + count - 1));
    std::fflush(stdout);
    std::vector<std::uint64_t> all(count);
    for (unsigned i = 0; i < count; ++i) {
        all[i] = first + i;
    }
    return all;
}

inline std::string seed_to_repeat(std::uint64_t seed)
{
    return "repeat with ASYNC_SOCKET_TEST_SEED=" + std::to_string(seed);
}

#endif
