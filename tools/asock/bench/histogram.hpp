// SPDX-License-Identifier: MIT
//
// Latencies counted in log-linear buckets: each power of two is cut into 128 equal buckets, so that a reported value
// is off by less than one part in 128, in a fixed 30 KiB however many values are recorded.

#ifndef ASOCK_BENCH_HISTOGRAM_HPP
#define ASOCK_BENCH_HISTOGRAM_HPP

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace asock {

class histogram {
public:
    static constexpr unsigned linear_bits = 7;
    static constexpr unsigned value_bits = 36; // in nanoseconds: 68 seconds; longer values count as the longest
    static constexpr std::uint64_t largest_value = (std::uint64_t{1} << value_bits) - 1;

    // May be called from any thread at any time. The counters are independent of each other and read only when the
    // recording threads have been waited for, hence relaxed.
    void record(std::uint64_t value);

    std::uint64_t count() const;

    // Of the recorded values, exact; 0 while nothing is recorded.
    double mean() const;

    // The largest recorded value, exact.
    std::uint64_t max() const;

    // The value that `fraction` (0 .. 1) of the recorded values do not exceed, to the precision of the buckets and
    // never above max(); 0 while nothing is recorded.
    std::uint64_t percentile(double fraction) const;

    static std::size_t bucket_of(std::uint64_t value);
    static std::uint64_t highest_value_of(std::size_t bucket);

private:
    static constexpr std::size_t linear_count = std::size_t{1} << linear_bits;
    static constexpr std::size_t bucket_count = (value_bits - linear_bits + 1) * linear_count;

    std::array<std::atomic<std::uint64_t>, bucket_count> counts_{};
    std::atomic<std::uint64_t> sum_{0};
    std::atomic<std::uint64_t> max_{0};
};

} // namespace asock

#endif
