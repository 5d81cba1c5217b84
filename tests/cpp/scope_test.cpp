// SPDX-License-Identifier: MIT

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::scope;
using async_socket::sleep_for;

class scope_on_engine : public with_engine {
protected:
    static task<> sleeper(std::atomic<int>& cancelled)
    {
        if (const auto error = co_await sleep_for(24h); error == condition::cancelled) {
            ++cancelled;
        }
    }

    static task<> worker(std::atomic<int>& ended, int duration_ms)
    {
        co_await sleep_for(std::chrono::milliseconds(duration_ms));
        ++ended;
    }
};

// SRS_CPP_01_060
TEST_F(scope_on_engine, is_joined_when_all_its_tasks_have_ended)
{
    std::atomic<int> ended{0};
    run([&]() -> task<> {
        scope tasks(engine);
        for (int index = 0; index != 100; ++index) {
            tasks.spawn(worker(ended, index % 4));
        }
        co_await tasks.join();
        EXPECT_EQ(ended, 100);
    });
}

// SRS_CPP_01_060
TEST_F(scope_on_engine, without_tasks_is_joined_at_once)
{
    run([&]() -> task<> {
        scope tasks(engine);
        co_await tasks.join();
    });
    const scope never_joined(engine);
}

// SRS_CPP_01_060
TEST_F(scope_on_engine, waits_for_what_its_tasks_have_begun_in_it)
{
    std::atomic<int> ended{0};
    run([&]() -> task<> {
        scope tasks(engine);
        const auto breeder = [&]() -> task<> {
            co_await sleep_for(1ms);
            tasks.spawn(worker(ended, 5));
            tasks.spawn(worker(ended, 0));
        };
        tasks.spawn(breeder());
        co_await tasks.join();
        EXPECT_EQ(ended, 2);
    });
}

// SRS_CPP_01_061
TEST_F(scope_on_engine, throws_what_a_task_threw_and_cancels_the_others)
{
    std::atomic<int> cancelled{0};
    run([&]() -> task<> {
        scope tasks(engine);
        const auto thrower = []() -> task<> {
            co_await sleep_for(1ms);
            throw std::runtime_error("of a task");
        };
        tasks.spawn(sleeper(cancelled));
        tasks.spawn(thrower());
        tasks.spawn(sleeper(cancelled));
        std::string caught;
        try {
            co_await tasks.join();
        } catch (const std::runtime_error& error) {
            caught = error.what();
        }
        EXPECT_EQ(caught, "of a task");
        EXPECT_EQ(cancelled, 2);
    });
}

// SRS_CPP_01_062
TEST_F(scope_on_engine, stops_its_tasks_when_asked_to)
{
    std::atomic<int> cancelled{0};
    run([&]() -> task<> {
        scope tasks(engine);
        tasks.spawn(sleeper(cancelled));
        tasks.spawn(sleeper(cancelled));
        tasks.request_stop();
        EXPECT_TRUE(tasks.stop_token().stop_requested());
        tasks.spawn(sleeper(cancelled));
        co_await tasks.join();
        EXPECT_EQ(cancelled, 3);
    });
}

// SRS_CPP_01_062
TEST_F(scope_on_engine, passes_on_the_stop_of_the_task_that_joins_it)
{
    std::atomic<int> cancelled{0};
    run([&]() -> task<> {
        const auto joiner = [&]() -> task<> {
            scope tasks(engine);
            tasks.spawn(sleeper(cancelled));
            tasks.spawn(sleeper(cancelled));
            co_await tasks.join();
        };
        const auto deadline = []() -> task<> { co_await sleep_for(1ms); };
        const auto first = co_await async_socket::when_any(joiner(), deadline());
        EXPECT_EQ(first.index, 1u);
        EXPECT_EQ(cancelled, 2);
    });
}

// SRS_CPP_01_063
TEST_F(scope_on_engine, is_drained_by_its_destructor_on_a_thread_of_the_programs)
{
    std::atomic<int> cancelled{0};
    {
        scope tasks(engine);
        for (int index = 0; index != 20; ++index) {
            tasks.spawn(sleeper(cancelled));
        }
    }
    EXPECT_EQ(cancelled, 20);
}

// SRS_CPP_01_079
TEST_F(scope_on_engine, that_is_with_its_body_is_joined_and_returns_what_that_returned)
{
    std::atomic<int> ended{0};
    const std::string text = "kept";
    const auto body = [&ended, text](scope& tasks) -> task<std::string> {
        tasks.spawn(worker(ended, 5));
        co_await sleep_for(1ms);
        co_return text;
    };
    const std::string returned =
        run([&]() -> task<std::string> { co_return co_await async_socket::with_scope(engine, body); });
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(returned, "kept");
}

// SRS_CPP_01_079
TEST_F(scope_on_engine, that_is_with_its_body_stops_its_tasks_when_that_throws)
{
    std::atomic<int> cancelled{0};
    const auto body = [&](scope& tasks) -> task<> {
        tasks.spawn(sleeper(cancelled));
        co_await sleep_for(1ms);
        throw std::runtime_error("before a join");
    };
    std::string caught;
    try {
        run([&]() -> task<> { co_await async_socket::with_scope(engine, body); });
    } catch (const std::runtime_error& error) {
        caught = error.what();
    }
    EXPECT_EQ(caught, "before a join");
    EXPECT_EQ(cancelled, 1);
}

// SRS_CPP_01_079
TEST_F(scope_on_engine, that_is_with_its_body_throws_what_a_task_threw)
{
    const auto thrower = []() -> task<> {
        co_await sleep_for(1ms);
        throw std::runtime_error("of a task");
    };
    std::atomic<int> cancelled{0};
    const auto body = [&](scope& tasks) -> task<> {
        tasks.spawn(sleeper(cancelled));
        tasks.spawn(thrower());
        co_return;
    };
    EXPECT_THROW(run([&]() -> task<> { co_await async_socket::with_scope(engine, body); }), std::runtime_error);
    EXPECT_EQ(cancelled, 1);
}

// SRS_CPP_01_077
TEST_F(scope_on_engine, keeps_a_function_object_until_its_task_has_ended)
{
    std::atomic<int> sum{0};
    run([&]() -> task<> {
        scope tasks(engine);
        for (int index = 0; index != 10; ++index) {
            tasks.spawn([&sum, index, held = std::make_shared<int>(index)]() -> task<> {
                co_await sleep_for(1ms);
                sum += index == *held ? index : 1000;
            });
        }
        co_await tasks.join();
    });
    EXPECT_EQ(sum, 45);
}

using scope_death_test = scope_on_engine;

// SRS_CPP_01_078
TEST_F(scope_death_test, an_exception_that_no_join_has_thrown_ends_the_program)
{
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "GoogleTest starts the dying program on a stack that detect_stack_use_after_return does not know";
#elif GTEST_HAS_DEATH_TEST
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    const auto thrower = []() -> task<> {
        throw std::runtime_error("that nobody joins");
        co_return;
    };
    EXPECT_DEATH(
        {
            scope tasks(engine);
            tasks.spawn(thrower());
        },
        "that nobody joins");
#else
    GTEST_SKIP() << "no death tests here";
#endif
}

// SRS_CPP_01_063
TEST_F(scope_death_test, destroyed_by_a_coroutine_before_it_is_joined_ends_the_program)
{
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "GoogleTest starts the dying program on a stack that detect_stack_use_after_return does not know";
#elif GTEST_HAS_DEATH_TEST
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    std::atomic<int> cancelled{0};
    EXPECT_DEATH(run([&]() -> task<> {
                     scope tasks(engine);
                     tasks.spawn(sleeper(cancelled));
                     co_await sleep_for(1ms);
                 }),
                 "a scope was destroyed");
#else
    GTEST_SKIP() << "no death tests here";
#endif
}

} // namespace
} // namespace cpp_layer
