// SPDX-License-Identifier: MIT

#include <chrono>
#include <limits>
#include <stop_token>
#include <thread>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"
#include "support/owned_coroutine.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::sleep_for;
using clock_type = std::chrono::steady_clock;

class sleep : public with_engine {};

// SRS_CPP_01_025
TEST_F(sleep, lasts_as_long_as_it_was_told_to)
{
    run([]() -> task<> {
        for (const auto duration :
             {std::chrono::microseconds(1), std::chrono::microseconds(1500), std::chrono::microseconds(20000)}) {
            const auto begin = clock_type::now();
            EXPECT_FALSE(co_await sleep_for(duration));
            EXPECT_GE(clock_type::now() - begin, duration);
        }
        EXPECT_FALSE(co_await sleep_for(0s));
        EXPECT_FALSE(co_await sleep_for(-1h));
        EXPECT_FALSE(co_await sleep_for(std::chrono::duration<double>(0.001)));
    });
}

// SRS_CPP_01_025
TEST_F(sleep, goes_on_on_a_thread_of_the_engine)
{
    contract::event ended;
    std::thread::id there;
    const auto body = [&]() -> detached_coroutine {
        EXPECT_FALSE(co_await sleep_for(async_socket::engine_ref(engine), 1ms));
        there = std::this_thread::get_id();
        ended.set();
    };
    body();
    ASSERT_TRUE(ended.wait());
    EXPECT_NE(there, std::this_thread::get_id());
}

// SRS_CPP_01_025
TEST_F(sleep, many_at_a_time)
{
    run([]() -> task<> {
        std::vector<task<>> sleepers;
        const auto body = [](int index) -> task<> {
            const auto begin = clock_type::now();
            const auto duration = std::chrono::milliseconds(index % 7);
            EXPECT_FALSE(co_await sleep_for(duration));
            EXPECT_GE(clock_type::now() - begin, duration);
        };
        for (int index = 0; index != 1000; ++index) {
            sleepers.push_back(body(index));
        }
        co_await async_socket::when_all(std::move(sleepers));
    });
}

// SRS_CPP_01_026, SRS_CPP_01_036
TEST_F(sleep, is_cancelled_by_the_inherited_token)
{
    std::stop_source source;
    std::jthread stopper([&] { source.request_stop(); });
    run(
        []() -> task<> {
            EXPECT_EQ(co_await sleep_for(std::chrono::hours::max()), condition::cancelled);
            // From then on at once.
            EXPECT_EQ(co_await sleep_for(24h), condition::cancelled);
        },
        source.get_token());
}

// SRS_CPP_01_026, SRS_CPP_01_035
TEST_F(sleep, is_cancelled_by_its_own_token)
{
    std::stop_source source;
    std::jthread stopper([&] { source.request_stop(); });
    run([&]() -> task<> { EXPECT_EQ(co_await sleep_for(24h, source.get_token()), condition::cancelled); });
}

// SRS_CPP_01_026
TEST_F(sleep, cancelled_at_the_moment_of_its_end_ends_once)
{
    for (int turn = 0; turn != 300; ++turn) {
        std::stop_source source;
        contract::event begun;
        std::jthread stopper([&] {
            static_cast<void>(begun.wait());
            std::this_thread::sleep_for(std::chrono::microseconds(turn * 7));
            source.request_stop();
        });
        run(
            [&]() -> task<> {
                begun.set();
                const std::error_code error = co_await sleep_for(1ms);
                EXPECT_TRUE(!error || error == condition::cancelled) << error.message();
            },
            source.get_token());
    }
}

// SRS_CPP_01_014
TEST_F(sleep, is_destroyed_while_it_lasts)
{
    bool went_on = false;
    const auto body = [&]() -> owned_coroutine {
        co_await sleep_for(async_socket::engine_ref(engine), 24h);
        went_on = true;
    };
    {
        const owned_coroutine outside = body();
    }
    run([&]() -> task<> {
        const owned_coroutine inside = body();
        co_await sleep_for(1ms);
    });
    EXPECT_FALSE(went_on);
}

// SRS_CPP_01_025
TEST_F(sleep, for_less_than_nothing_ends_at_once)
{
    run([]() -> task<> {
        EXPECT_FALSE(co_await sleep_for(std::chrono::nanoseconds::min()));
        EXPECT_FALSE(co_await sleep_for(std::chrono::seconds::min()));
        EXPECT_FALSE(co_await sleep_for(std::chrono::hours::min()));
        EXPECT_FALSE(co_await sleep_for(std::chrono::duration<double>(-1e300)));
        EXPECT_FALSE(co_await sleep_for(std::chrono::duration<double>(-std::numeric_limits<double>::infinity())));
    });
}

// SRS_CPP_01_025
TEST_F(sleep, for_longer_than_the_clock_counts_never_ends)
{
    const auto sleeps = [](auto duration) -> task<> { static_cast<void>(co_await sleep_for(duration)); };
    const auto is_long = [&](auto duration) -> task<bool> {
        const auto first = co_await async_socket::when_any(sleeps(duration), sleeps(2ms));
        co_return first.index == 1;
    };
    run([&]() -> task<> {
        using seconds = std::chrono::duration<double>;
        EXPECT_TRUE(co_await is_long(std::chrono::hours::max()));
        EXPECT_TRUE(co_await is_long(std::chrono::nanoseconds::max()));
        EXPECT_TRUE(co_await is_long(seconds(1e300)));
        EXPECT_TRUE(co_await is_long(seconds(std::numeric_limits<double>::infinity())));
        EXPECT_TRUE(co_await is_long(seconds(std::numeric_limits<double>::quiet_NaN())));
    });
}

} // namespace
} // namespace cpp_layer
