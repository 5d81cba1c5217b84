// SPDX-License-Identifier: MIT
//
// One random program over one socket, checked while it runs.

#ifndef ASYNC_SOCKET_TESTS_UNIT_COMMON_RANDOM_PROGRAM_H
#define ASYNC_SOCKET_TESTS_UNIT_COMMON_RANDOM_PROGRAM_H

#include <atomic>
#include <cstdint>

// What happened in all programs together. Counted relaxed, so that the counting orders nothing that the lifecycle is to
// order.
struct program_totals {
    std::atomic<unsigned> callbacks{0};
    std::atomic<unsigned> refused_calls{0};
    std::atomic<unsigned> withdrawn_calls{0};
    std::atomic<unsigned> closes_outside{0};
    std::atomic<unsigned> closes_inside{0};
    std::atomic<unsigned> destroys_outside{0};
    std::atomic<unsigned> destroys_inside{0};
    std::atomic<unsigned> failed_opens{0};
    std::atomic<unsigned> connects{0};
    std::atomic<unsigned> failed_connects{0};
    std::atomic<unsigned> closed_connects{0};
    std::atomic<unsigned> connects_again{0};
    std::atomic<unsigned> visits{0};
    std::atomic<unsigned> frees_by_others_than_destroy{0};
};

inline void count(std::atomic<unsigned>& what)
{
    what.fetch_add(1, std::memory_order_relaxed);
}

void run_random_program(std::uint64_t seed, program_totals& totals);

#endif
