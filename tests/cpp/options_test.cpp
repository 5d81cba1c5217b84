// SPDX-License-Identifier: MIT

#include <chrono>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "async_socket/cpp/options.hpp"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::time_limit;

// SRS_CPP_01_009
TEST(time_limit, is_any_duration_rounded_up_to_milliseconds)
{
    EXPECT_EQ(time_limit(5s).milliseconds(), 5000u);
    EXPECT_EQ(time_limit(0ms).milliseconds(), 0u);
    EXPECT_EQ(time_limit(1ns).milliseconds(), 1u);
    EXPECT_EQ(time_limit(1000001ns).milliseconds(), 2u);
    EXPECT_EQ(time_limit(std::chrono::duration<double>(0.0005)).milliseconds(), 1u);
    EXPECT_EQ(time_limit(-1h).milliseconds(), 0u);
    EXPECT_EQ(time_limit(std::chrono::milliseconds(UINT32_MAX - 2)).milliseconds(), UINT32_MAX - 2);
}

// SRS_CPP_01_009
TEST(time_limit, is_none_by_default_and_for_what_is_too_long)
{
    EXPECT_FALSE(time_limit().limited());
    EXPECT_TRUE(time_limit(1ms).limited());
    EXPECT_EQ(time_limit().milliseconds(), ASYNC_NO_TIMEOUT);
    EXPECT_FALSE(time_limit(std::chrono::milliseconds(UINT32_MAX - 1)).limited());
    EXPECT_FALSE(time_limit(std::chrono::hours::max()).limited());
    EXPECT_FALSE(time_limit(std::chrono::nanoseconds::max()).limited());
}

// SRS_CPP_01_009
TEST(time_limit, is_none_for_what_is_no_number)
{
    using seconds = std::chrono::duration<double>;
    EXPECT_FALSE(async_socket::time_limit(seconds(std::numeric_limits<double>::quiet_NaN())).limited());
    EXPECT_FALSE(async_socket::time_limit(seconds(std::numeric_limits<double>::infinity())).limited());
    EXPECT_EQ(async_socket::time_limit(seconds(-std::numeric_limits<double>::infinity())).milliseconds(), 0u);
}

} // namespace
} // namespace cpp_layer
