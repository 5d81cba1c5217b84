// SPDX-License-Identifier: MIT

#include "bench/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace asock {

// Values below 128 have a bucket each. Above, the position of the highest bit picks the group, and the seven bits
// below it pick the bucket within.
std::size_t histogram::bucket_of(std::uint64_t value)
{
    const std::uint64_t bounded = std::min(value, largest_value);
    if (bounded < linear_count) {
        return static_cast<std::size_t>(bounded);
    }
    const unsigned shift = static_cast<unsigned>(std::bit_width(bounded)) - linear_bits - 1;
    const auto within = static_cast<std::size_t>(bounded >> shift) - linear_count;
    return (shift + 1) * linear_count + within;
}

std::uint64_t histogram::highest_value_of(std::size_t bucket)
{
    const std::size_t group = bucket / linear_count;
    if (group == 0) {
        return bucket;
    }
    const std::uint64_t within = bucket % linear_count + linear_count;
    return ((within + 1) << (group - 1)) - 1;
}

void histogram::record(std::uint64_t value)
{
    counts_.at(bucket_of(value)).fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
    std::uint64_t seen = max_.load(std::memory_order_relaxed);
    while (value > seen && !max_.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {
    }
}

std::uint64_t histogram::count() const
{
    std::uint64_t total = 0;
    for (const auto& each : counts_) {
        total += each.load(std::memory_order_relaxed);
    }
    return total;
}

double histogram::mean() const
{
    const std::uint64_t total = count();
    return total == 0 ? 0 : static_cast<double>(sum_.load(std::memory_order_relaxed)) / static_cast<double>(total);
}

std::uint64_t histogram::max() const
{
    return max_.load(std::memory_order_relaxed);
}

std::uint64_t histogram::percentile(double fraction) const
{
    const std::uint64_t total = count();
    if (total == 0) {
        return 0;
    }
    const double bounded = std::clamp(fraction, 0.0, 1.0);
    const auto rank =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(bounded * static_cast<double>(total))));
    std::uint64_t passed = 0;
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
        passed += counts_.at(bucket).load(std::memory_order_relaxed);
        if (passed >= rank) {
            return std::min(highest_value_of(bucket), max());
        }
    }
    return max();
}

} // namespace asock
