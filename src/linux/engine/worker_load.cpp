// SPDX-License-Identifier: MIT

#include "linux/engine/worker_load.hpp"

#include <algorithm>

namespace async_socket::detail {

namespace {

// What is missing to 100 is what a worker without a pause loses to others on its processor.
constexpr std::uint32_t saturated_percent = 90;

} // namespace

// By the time that the system counts, since what the kernel sends and receives for the worker it does inside of what
// looks like a wait.
void worker_load::end_period(time_point_ns now, time_point_ns worked) noexcept
{
    const time_point_ns busy = worked - worked_before_;
    const time_point_ns useful = busy - std::min(busy, spun_);
    const time_point_ns percent = useful * 100 / (now - period_began_);
    busy_percent_.store(static_cast<std::uint32_t>(std::min<time_point_ns>(percent, 100)), std::memory_order_relaxed);
    period_began_ = now;
    worked_before_ = worked;
    spun_ = 0;
}

// SRS_EXECUTION_ENGINE_LINUX_01_042
bool worker_load::is_overloaded(time_point_ns now) const noexcept
{
    const std::uint64_t state = state_.load(std::memory_order_relaxed);
    // The clocks of two processors may be apart.
    const time_point_ns ago = now - std::min(now, state & ~resting);
    const bool was_saturated = busy_percent_.load(std::memory_order_relaxed) >= saturated_percent;
    if ((state & resting) == 0) {
        return ago >= held_up_after || was_saturated;
    }
    // Of one that has rested for so long, the figure is of a time long past.
    return ago < period && was_saturated;
}

} // namespace async_socket::detail
