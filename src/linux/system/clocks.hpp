// SPDX-License-Identifier: MIT
//
// Clocks for what need not be exact, or is about one thread.

#ifndef ASYNC_SOCKET_LINUX_SYSTEM_CLOCKS_HPP
#define ASYNC_SOCKET_LINUX_SYSTEM_CLOCKS_HPP

#include <ctime>

#include "common/time/timer_heap.hpp"

namespace async_socket::detail {

[[nodiscard]] inline time_point_ns read_clock(clockid_t clock) noexcept
{
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<time_point_ns>(now.tv_sec) * 1'000'000'000 + static_cast<time_point_ns>(now.tv_nsec);
}

// To a few milliseconds, for next to nothing.
[[nodiscard]] inline time_point_ns coarse_now_ns() noexcept
{
    return read_clock(CLOCK_MONOTONIC_COARSE);
}

// How long the calling thread has worked, in the kernel and outside of it. A system call.
[[nodiscard]] inline time_point_ns thread_time_ns() noexcept
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

} // namespace async_socket::detail

#endif
