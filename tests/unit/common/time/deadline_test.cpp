// SPDX-License-Identifier: MIT

#include <chrono>
#include <cstdint>

#include <gtest/gtest.h>

#include "common/time/deadline.hpp"

namespace async_socket::detail {

namespace {

TEST(deadline, without_a_limit_has_no_limit_left)
{
    EXPECT_EQ(deadline(deadline::no_limit).remaining_ms(), deadline::no_limit);
    EXPECT_EQ(deadline::no_limit, UINT32_MAX);
}

TEST(deadline, of_0_is_over)
{
    EXPECT_EQ(deadline(0).remaining_ms(), 0U);
}

TEST(deadline, leaves_no_more_than_was_given)
{
    const deadline hour(3'600'000);
    EXPECT_LE(hour.remaining_ms(), 3'600'000U);
    EXPECT_GT(hour.remaining_ms(), 3'000'000U);
}

TEST(deadline, the_longest_one_does_not_overflow)
{
    const std::uint32_t left = deadline(UINT32_MAX - 1).remaining_ms();
    EXPECT_LE(left, UINT32_MAX - 1);
    EXPECT_GT(left, UINT32_MAX - 600'000);
}

// It says 0 when the time is over and not before, and never goes up.
TEST(deadline, runs_out_at_its_time)
{
    using clock = std::chrono::steady_clock;
    constexpr std::uint32_t milliseconds = 20;
    const clock::time_point before = clock::now();
    const deadline soon(milliseconds);
    std::uint32_t left = milliseconds;
    while (left != 0) {
        const std::uint32_t now_left = soon.remaining_ms();
        ASSERT_LE(now_left, left);
        // Whoever waits for that long does not come too early.
        ASSERT_GE(clock::now() - before + std::chrono::milliseconds(now_left), std::chrono::milliseconds(milliseconds));
        left = now_left;
    }
    EXPECT_GE(clock::now() - before, std::chrono::milliseconds(milliseconds));
    EXPECT_EQ(soon.remaining_ms(), 0U);
}

} // namespace

} // namespace async_socket::detail
