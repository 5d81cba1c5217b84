// SPDX-License-Identifier: MIT
//
// Tasks by themselves: no network.

#include <coroutine>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"
#include "support/owned_coroutine.h"

namespace cpp_layer {
namespace {

task<int> value_of(int value)
{
    co_return value;
}

task<> nothing()
{
    co_return;
}

task<std::unique_ptr<int>> move_only(int value)
{
    co_return std::make_unique<int>(value);
}

task<int&> reference_to(int& value)
{
    co_return value;
}

task<int> thrower(const char* what)
{
    throw std::runtime_error(what);
    co_return 0;
}

class task_on_engine : public with_engine {};

// SRS_CPP_01_010
TEST(task, does_not_begin_by_itself)
{
    bool begun = false;
    const auto body = [](bool& flag) -> task<> {
        flag = true;
        co_return;
    };
    {
        const task<> lazy = body(begun);
        EXPECT_TRUE(static_cast<bool>(lazy));
    }
    EXPECT_FALSE(begun);
}

// SRS_CPP_01_010
TEST(task, is_moved_and_not_copied)
{
    task<int> first = value_of(1);
    task<int> second = std::move(first);
    EXPECT_TRUE(static_cast<bool>(second));
    EXPECT_FALSE(static_cast<bool>(first)); // NOLINT(bugprone-use-after-move)
    first = std::move(second);
    EXPECT_TRUE(static_cast<bool>(first));
    EXPECT_FALSE(std::is_copy_constructible_v<task<int>>);
}

// SRS_CPP_01_011
TEST_F(task_on_engine, hands_its_result_to_whoever_awaits_it)
{
    int variable = 0;
    run([&]() -> task<> {
        EXPECT_EQ(co_await value_of(5), 5);
        EXPECT_EQ(*co_await move_only(6), 6);
        (co_await reference_to(variable)) = 7;
        co_await nothing();
    });
    EXPECT_EQ(variable, 7);
}

// SRS_CPP_01_011
TEST_F(task_on_engine, hands_its_exception_to_whoever_awaits_it)
{
    run([]() -> task<> {
        std::string caught;
        try {
            co_await thrower("inside");
        } catch (const std::runtime_error& error) {
            caught = error.what();
        }
        EXPECT_EQ(caught, "inside");
    });
}

// SRS_CPP_01_012
TEST_F(task_on_engine, inherits_engine_and_stop_token)
{
    std::stop_source source;
    const auto inner = []() -> task<std::pair<async_socket::engine_ref, std::stop_token>> {
        const async_socket::engine_ref inherited = co_await async_socket::current_engine();
        co_return std::pair{inherited, co_await async_socket::current_stop_token()};
    };
    const auto outer = [&]() -> task<std::pair<async_socket::engine_ref, std::stop_token>> {
        co_return co_await inner();
    };
    const auto [inherited, token] = run(outer, source.get_token());
    EXPECT_EQ(inherited, async_socket::engine_ref(engine)); // SRS_CPP_01_020
    EXPECT_EQ(token, source.get_token());                   // SRS_CPP_01_015
}

// SRS_CPP_01_013
TEST_F(task_on_engine, a_million_that_end_at_once_do_not_grow_the_stack)
{
    constexpr int number = 1'000'000;
    const int sum = run([]() -> task<int> {
        int total = 0;
        for (int index = 0; index != number; ++index) {
            total += co_await value_of(1);
        }
        co_return total;
    });
    EXPECT_EQ(sum, number);
}

// SRS_CPP_01_013
TEST_F(task_on_engine, a_chain_of_a_hundred_thousand_does_not_grow_the_stack)
{
    constexpr int depth = 100'000;
    struct chain {
        static task<int> link(int left)
        {
            if (left == 0) {
                co_return 0;
            }
            co_return 1 + co_await link(left - 1);
        }
    };
    // The frames themselves are freed one after the other, as each link has awaited its next.
    EXPECT_EQ(run([]() -> task<int> { co_return co_await chain::link(depth); }), depth);
}

// SRS_CPP_01_013
TEST(task, is_awaited_by_coroutines_of_other_kinds)
{
    constexpr int number = 1'000'000;
    int sum = 0;
    const auto body = [](int& total) -> owned_coroutine {
        for (int index = 0; index != number; ++index) {
            total += co_await value_of(1);
        }
    };
    const owned_coroutine foreign = body(sum);
    EXPECT_EQ(sum, number);
}

// Resumes whoever awaits it on a thread of its own, as a library of somebody else might.
class another_thread {
public:
    [[nodiscard]] std::thread::id id() const { return thread_.get_id(); }

    auto operator co_await()
    {
        struct awaiter {
            another_thread& thread;
            static bool await_ready() { return false; }
            void await_suspend(std::coroutine_handle<> coroutine) const
            {
                thread.coroutine_ = coroutine;
                thread.has_coroutine_.set();
            }
            static void await_resume() {}
        };
        return awaiter{*this};
    }

private:
    contract::event has_coroutine_;
    std::coroutine_handle<> coroutine_;
    std::jthread thread_{[this] {
        static_cast<void>(has_coroutine_.wait());
        coroutine_.resume();
    }};
};

// SRS_CPP_01_013
TEST_F(task_on_engine, goes_on_where_somebody_else_resumes_it)
{
    another_thread other;
    EXPECT_EQ(run([&]() -> task<int> {
                  co_await other;
                  EXPECT_EQ(std::this_thread::get_id(), other.id());
                  const int sum = co_await value_of(1) + co_await value_of(2);
                  EXPECT_EQ(std::this_thread::get_id(), other.id());
                  co_return sum;
              }),
              3);
}

// SRS_CPP_01_014
TEST(task, that_never_began_frees_its_arguments)
{
    const auto shared = std::make_shared<int>(1);
    const auto body = [](std::shared_ptr<int>) -> task<> { co_return; };
    {
        const task<> lazy = body(shared);
        EXPECT_EQ(shared.use_count(), 2);
    }
    EXPECT_EQ(shared.use_count(), 1);
}

// SRS_CPP_01_076
TEST_F(task_on_engine, that_is_empty_or_was_awaited_is_refused)
{
    run([&]() -> task<> {
        task<int> once = value_of(7);
        EXPECT_EQ(co_await std::move(once), 7);
        EXPECT_FALSE(once); // NOLINT(bugprone-use-after-move)
        bool refused = false;
        try {
            static_cast<void>(co_await std::move(once));
        } catch (const std::invalid_argument&) {
            refused = true;
        }
        EXPECT_TRUE(refused);
        refused = false;
        try {
            co_await async_socket::when_all(nothing(), task<>());
        } catch (const std::invalid_argument&) {
            refused = true;
        }
        EXPECT_TRUE(refused);
    });
    EXPECT_THROW(engine.run(task<>()), std::invalid_argument);
    EXPECT_THROW(async_socket::spawn(engine, task<>()), std::invalid_argument);
    async_socket::scope tasks(engine);
    EXPECT_THROW(tasks.spawn(task<>()), std::invalid_argument);
}

} // namespace
} // namespace cpp_layer
