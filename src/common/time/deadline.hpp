// SPDX-License-Identifier: MIT
//
// A time limit in milliseconds for something that takes several waits.

#ifndef ASYNC_SOCKET_COMMON_TIME_DEADLINE_HPP
#define ASYNC_SOCKET_COMMON_TIME_DEADLINE_HPP

#include <chrono>
#include <cstdint>

namespace async_socket::detail {

class deadline {
public:
    static constexpr std::uint32_t no_limit = UINT32_MAX;

    explicit deadline(std::uint32_t milliseconds) noexcept
        : unlimited_(milliseconds == no_limit), end_(clock::now() + std::chrono::milliseconds(milliseconds))
    {
    }

    // What is left, rounded up so that a wait for it does not end too early; no_limit for ever.
    [[nodiscard]] std::uint32_t remaining_ms() const noexcept
    {
        if (unlimited_) {
            return no_limit;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - clock::now()).count();
        return left <= 0 ? 0 : static_cast<std::uint32_t>(left);
    }

private:
    using clock = std::chrono::steady_clock;

    bool unlimited_;
    clock::time_point end_;
};

} // namespace async_socket::detail

#endif
