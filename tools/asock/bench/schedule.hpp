// SPDX-License-Identifier: MIT
//
// When each message of a benchmark is to leave, whether or not the ones before have come back.

#ifndef ASOCK_BENCH_SCHEDULE_HPP
#define ASOCK_BENCH_SCHEDULE_HPP

#include <chrono>
#include <cstdint>

namespace asock {

// At equal distances, from a moment on. Messages are counted from 0.
class schedule {
public:
    using clock = std::chrono::steady_clock;

    schedule() = default;
    schedule(clock::time_point begin, double per_second) : begin_(begin), per_second_(per_second) {}

    clock::time_point time_of(std::uint64_t message) const;

    // How many are to leave before a moment.
    std::uint64_t due_before(clock::time_point when) const;

private:
    clock::time_point begin_{};
    double per_second_ = 1;
};

} // namespace asock

#endif
