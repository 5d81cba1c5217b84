// SPDX-License-Identifier: MIT

#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::sleep_for;
using async_socket::when_all;
using async_socket::when_any;
using async_socket::when_any_outcome;

class when : public with_engine {};

task<int> now(int value)
{
    co_return value;
}

task<int> later(int value, std::chrono::milliseconds duration = 2ms)
{
    co_await sleep_for(duration);
    co_return value;
}

task<> quiet()
{
    co_await sleep_for(1ms);
}

task<int> thrower(const char* what, bool at_once)
{
    if (!at_once) {
        co_await sleep_for(1ms);
    }
    throw std::runtime_error(what);
}

// Waits for good, and tells that it was cancelled.
task<int> sleeper(int& cancelled)
{
    if (const auto error = co_await sleep_for(24h); error == condition::cancelled) {
        ++cancelled;
    }
    co_return 0;
}

// SRS_CPP_01_027
TEST_F(when, all_returns_what_all_have_returned)
{
    run([]() -> task<> {
        const auto [first, second, third, fourth] = co_await when_all(later(1), now(2), quiet(), later(4, 0ms));
        EXPECT_EQ(first, 1);
        EXPECT_EQ(second, 2);
        EXPECT_TRUE((std::is_same_v<std::remove_cvref_t<decltype(third)>, std::monostate>));
        EXPECT_EQ(fourth, 4);
        EXPECT_EQ((co_await when_all()), std::tuple<>());
    });
}

// SRS_CPP_01_027
TEST_F(when, all_of_a_vector_returns_them_in_order)
{
    run([]() -> task<> {
        std::vector<task<int>> tasks;
        std::vector<int> expected;
        for (int index = 0; index != 100; ++index) {
            tasks.push_back(index % 3 == 0 ? now(index) : later(index, std::chrono::milliseconds(index % 5)));
            expected.push_back(index);
        }
        EXPECT_EQ(co_await when_all(std::move(tasks)), expected);
        std::vector<task<>> quiets;
        quiets.push_back(quiet());
        co_await when_all(std::move(quiets));
        EXPECT_TRUE((co_await when_all(std::vector<task<int>>())).empty());
    });
}

// SRS_CPP_01_028
TEST_F(when, all_throws_what_the_first_in_order_threw_when_all_have_ended)
{
    run([]() -> task<> {
        bool ended = false;
        const auto body = [&]() -> task<> {
            co_await sleep_for(20ms);
            ended = true;
        };
        std::string caught;
        try {
            co_await when_all(thrower("first", false), thrower("second", true), body());
        } catch (const std::runtime_error& error) {
            caught = error.what();
        }
        EXPECT_EQ(caught, "first");
        EXPECT_TRUE(ended);
    });
}

// SRS_CPP_01_013
TEST_F(when, all_of_tasks_that_end_at_once_does_not_grow_the_stack)
{
    run([]() -> task<> {
        for (int turn = 0; turn != 100'000; ++turn) {
            co_await when_all(now(1), now(2));
        }
        std::vector<task<int>> tasks;
        for (int index = 0; index != 100'000; ++index) {
            tasks.push_back(now(index));
        }
        EXPECT_EQ((co_await when_all(std::move(tasks))).size(), 100'000u);
    });
}

// SRS_CPP_01_029
TEST_F(when, any_returns_what_the_first_has_returned_and_cancels_the_others)
{
    run([]() -> task<> {
        int cancelled = 0;
        const auto first = co_await when_any(sleeper(cancelled), later(5), sleeper(cancelled));
        EXPECT_EQ(first.index, 1u);
        EXPECT_EQ(std::get<1>(first.value), 5);
        EXPECT_EQ(cancelled, 2);
    });
}

// SRS_CPP_01_029
TEST_F(when, any_takes_one_that_ends_at_once)
{
    run([]() -> task<> {
        int cancelled = 0;
        const auto first = co_await when_any(sleeper(cancelled), now(7), quiet());
        EXPECT_EQ(first.index, 1u);
        EXPECT_EQ(cancelled, 1);
        const auto only = co_await when_any(quiet());
        EXPECT_EQ(only.index, 0u);
    });
}

// SRS_CPP_01_029
TEST_F(when, any_of_a_vector)
{
    run([]() -> task<> {
        int cancelled = 0;
        std::vector<task<int>> tasks;
        for (int index = 0; index != 50; ++index) {
            tasks.push_back(index == 33 ? later(33) : sleeper(cancelled));
        }
        const auto first = co_await when_any(std::move(tasks));
        EXPECT_EQ(first.index, 33u);
        EXPECT_EQ(first.value, 33);
        EXPECT_EQ(cancelled, 49);
        bool thrown = false;
        try {
            co_await when_any(std::vector<task<int>>());
        } catch (const std::invalid_argument&) {
            thrown = true;
        }
        EXPECT_TRUE(thrown);
    });
}

// SRS_CPP_01_030
TEST_F(when, any_throws_what_the_first_threw)
{
    run([]() -> task<> {
        int cancelled = 0;
        bool thrown = false;
        try {
            co_await when_any(sleeper(cancelled), thrower("early", false));
        } catch (const std::runtime_error&) {
            thrown = true;
        }
        EXPECT_TRUE(thrown);
        EXPECT_EQ(cancelled, 1);
    });
}

// SRS_CPP_01_103
TEST_F(when, any_outcome_keeps_what_the_others_returned_where_the_first_threw)
{
    run([]() -> task<> {
        // It comes to its own end when it is told to stop, as a receive does that has its bytes.
        const auto loser = []() -> task<int> {
            static_cast<void>(co_await sleep_for(24h));
            co_return 5;
        };
        const auto silent = [&loser]() -> task<> { static_cast<void>(co_await loser()); };
        const auto first = co_await when_any_outcome(loser(), thrower("early", false), silent());
        EXPECT_EQ(first.index, 1u);
        EXPECT_EQ(std::get<0>(first.all).value, 5);
        EXPECT_THROW(std::rethrow_exception(std::get<1>(first.all).exception), std::runtime_error);
        EXPECT_FALSE(std::get<1>(first.all).value);
        EXPECT_TRUE(std::get<2>(first.all).value);

        std::vector<task<int>> tasks;
        tasks.push_back(loser());
        tasks.push_back(thrower("early", false));
        const auto of_many = co_await when_any_outcome(std::move(tasks));
        EXPECT_EQ(of_many.index, 1u);
        EXPECT_EQ(of_many.all.at(0).value, 5);
        EXPECT_TRUE(of_many.all.at(1).exception);
    });
}

// SRS_CPP_01_103
TEST_F(when, any_outcome_of_nothing_is_refused)
{
    run([]() -> task<> {
        bool refused = false;
        try {
            co_await when_any_outcome(std::vector<task<int>>());
        } catch (const std::invalid_argument&) {
            refused = true;
        }
        EXPECT_TRUE(refused);
    });
}

// SRS_CPP_01_030
TEST_F(when, any_passes_on_the_stop_that_it_has_inherited)
{
    run([]() -> task<> {
        int cancelled = 0;
        const auto inner = [&]() -> task<int> {
            const auto first = co_await when_any(sleeper(cancelled), sleeper(cancelled));
            co_return static_cast<int>(first.index);
        };
        const auto first = co_await when_any(inner(), later(1));
        EXPECT_EQ(first.index, 1u);
        EXPECT_EQ(cancelled, 2);
    });
}

// SRS_CPP_01_029
TEST_F(when, any_of_many_that_end_at_the_same_moment_has_one_winner)
{
    for (int turn = 0; turn != 100; ++turn) {
        run([]() -> task<> {
            const auto first = co_await when_any(later(0, 1ms), later(1, 1ms), later(2, 1ms), later(3, 1ms));
            EXPECT_LT(first.index, 4u);
            EXPECT_EQ(std::visit([](int value) { return static_cast<std::size_t>(value); }, first.value), first.index);
        });
    }
}

// SRS_CPP_01_080
TEST_F(when, any_tells_what_became_of_the_others)
{
    run([]() -> task<> {
        const auto at_once = []() -> task<std::string> { co_return "first"; };
        const auto deaf = []() -> task<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };
        auto first = co_await when_any(later(1, 1h), at_once(), deaf(), thrower("late", false));
        EXPECT_EQ(first.index, 1u);
        EXPECT_EQ(std::get<0>(first.others).value, 1);
        EXPECT_FALSE(std::get<1>(first.others).value);
        EXPECT_TRUE(std::get<2>(first.others).value && **std::get<2>(first.others).value == 7);
        EXPECT_NE(std::get<3>(first.others).exception, nullptr);
    });
}

} // namespace
} // namespace cpp_layer
