// SPDX-License-Identifier: MIT
//
// Latencies in nanoseconds, counted in buckets: each power of two is cut into 64 equal ones, so that what is read is
// off by less than one part in 64. For one thread.

#ifndef BENCH_LOAD_HISTOGRAM_HPP
#define BENCH_LOAD_HISTOGRAM_HPP

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace bench {

class histogram {
public:
    void record(std::uint64_t value) noexcept
    {
        ++counts_[bucket_of(std::min(value, largest))];
        ++count_;
    }

    // The value that `fraction` (0 .. 1) of the recorded ones do not exceed; 0 where nothing is recorded.
    [[nodiscard]] std::uint64_t percentile(double fraction) const noexcept
    {
        const auto wanted = static_cast<std::uint64_t>(fraction * static_cast<double>(count_));
        std::uint64_t seen = 0;
        for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
            seen += counts_[bucket];
            if (seen > 0 && seen >= wanted) {
                return lowest_value_of(bucket);
            }
        }
        return 0;
    }

private:
    static constexpr unsigned fine_bits = 6;
    static constexpr unsigned value_bits = 38; // more than four minutes
    static constexpr std::uint64_t largest = (std::uint64_t{1} << value_bits) - 1;
    static constexpr std::size_t row = std::size_t{1} << fine_bits;

    static std::size_t bucket_of(std::uint64_t value) noexcept
    {
        if (value < row) {
            return static_cast<std::size_t>(value);
        }
        const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - fine_bits - 1;
        return (shift + 1) * row + static_cast<std::size_t>((value >> shift) - row);
    }

    static std::uint64_t lowest_value_of(std::size_t bucket) noexcept
    {
        if (bucket < row) {
            return bucket;
        }
        const std::size_t shift = bucket / row - 1;
        return (row + bucket % row) << shift;
    }

    std::array<std::uint64_t, (value_bits - fine_bits + 1) * row> counts_{};
    std::uint64_t count_ = 0;
};

} // namespace bench

#endif
