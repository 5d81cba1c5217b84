// SPDX-License-Identifier: MIT
//
// Which of a host's addresses is tried when (RFC 8305): IPv6 and IPv4 by turns; a further one each 250 ms, and at once
// when one fails. It knows numbers and times only.

#ifndef ASYNC_SOCKET_COMMON_CONNECT_ADDRESS_RACE_HPP
#define ASYNC_SOCKET_COMMON_CONNECT_ADDRESS_RACE_HPP

#include <cstdint>

#include "common/time/timer_heap.hpp"

namespace async_socket::detail {

class address_race {
public:
    // SRS_ASYNC_CONNECT_01_009
    static constexpr time_point_ns delay = 250'000'000;

    address_race() noexcept = default;
    explicit address_race(std::uint32_t count) noexcept : count_(count) {}

    // Whether a further attempt is to be started now.
    [[nodiscard]] bool may_start(time_point_ns now) const noexcept { return next_ < count_ && now >= next_start(); }
    // When that will be; `never` where all have been started.
    [[nodiscard]] time_point_ns next_start() const noexcept
    {
        return next_ == count_ ? never : running_ == 0 ? 0 : next_start_;
    }
    // The number of the attempt that starts now.
    std::uint32_t start(time_point_ns now) noexcept
    {
        ++running_;
        next_start_ = now + delay;
        return next_++;
    }
    // One of those that run has failed.
    void failed() noexcept
    {
        --running_;
        next_start_ = 0;
    }
    // None runs and none is left.
    [[nodiscard]] bool is_lost() const noexcept { return running_ == 0 && next_ == count_; }

private:
    std::uint32_t count_ = 0;
    std::uint32_t next_ = 0;
    std::uint32_t running_ = 0;
    time_point_ns next_start_ = 0;
};

// Orders `count` addresses, which are in the order of the resolver, so that the two families take turns, the family of
// the first one first: calls `take(index)` for each in its new order. `family_of(index)` tells the family.
// SRS_ASYNC_CONNECT_01_008
template <typename family_function, typename take_function>
void take_turns(std::uint32_t count, family_function family_of, take_function take)
{
    if (count == 0) {
        return;
    }
    const auto first_family = family_of(0U);
    std::uint32_t first = 0;
    std::uint32_t other = 0;
    bool turn_of_first = true;
    for (std::uint32_t taken = 0; taken < count; ++taken) {
        while (first < count && family_of(first) != first_family) {
            ++first;
        }
        while (other < count && family_of(other) == first_family) {
            ++other;
        }
        const bool takes_first = (turn_of_first && first < count) || other == count;
        take(takes_first ? first++ : other++);
        turn_of_first = !takes_first;
    }
}

} // namespace async_socket::detail

#endif
