// SPDX-License-Identifier: MIT

#include "bench/schedule.hpp"

#include <cmath>

namespace asock {

schedule::clock::time_point schedule::time_of(std::uint64_t message) const
{
    const std::chrono::duration<double> after(static_cast<double>(message) / per_second_);
    return begin_ + std::chrono::duration_cast<clock::duration>(after);
}

std::uint64_t schedule::due_before(clock::time_point when) const
{
    const double seconds = std::chrono::duration<double>(when - begin_).count();
    return seconds > 0 ? static_cast<std::uint64_t>(std::ceil(seconds * per_second_)) : 0;
}

} // namespace asock
