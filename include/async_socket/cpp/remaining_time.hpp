// SPDX-License-Identifier: MIT
//
// Not part of the interface: the time limit of an operation of several steps.

#ifndef ASYNC_SOCKET_CPP_REMAINING_TIME_HPP
#define ASYNC_SOCKET_CPP_REMAINING_TIME_HPP

#include <chrono>
#include <cstdint>
#include <optional>

#include "async_socket/cpp/options.hpp"

namespace async_socket::impl {

// The time left of a time limit, for operations that take several steps.
class remaining_time {
public:
    explicit remaining_time(time_limit limit) noexcept : limit_(limit) {}

    // The milliseconds for the next step, rounded up; the clock is not read for the first step.
    std::uint32_t next() noexcept
    {
        if (limit_.limited() && !end_) {
            // SRS_CPP_01_034
            end_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(limit_.milliseconds());
        }
        return limit_.milliseconds();
    }

    // Looks at the clock between two steps.
    bool is_over() noexcept
    {
        if (!end_) {
            return false;
        }
        limit_ = time_limit(*end_ - std::chrono::steady_clock::now());
        return limit_.milliseconds() == 0;
    }

private:
    time_limit limit_;
    std::optional<std::chrono::steady_clock::time_point> end_;
};

} // namespace async_socket::impl

#endif
