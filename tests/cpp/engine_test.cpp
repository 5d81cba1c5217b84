// SPDX-License-Identifier: MIT

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;

class engine_of_cpp : public with_engine {};

// SRS_CPP_01_016
TEST(engine, that_cannot_be_made_throws)
{
    const EXECUTION_ENGINE_PARAMETERS impossible{2, 1};
    try {
        const async_socket::engine engine(impossible);
        FAIL() << "it was made";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::invalid_argument);
        EXPECT_THAT(error.what(), ::testing::HasSubstr("max_thread_count"));
    }
    try {
        const async_socket::engine engine(EXECUTION_ENGINE_HANDLE{});
        FAIL() << "it was made";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), condition::no_resources);
    }
}

// SRS_CPP_01_016, SRS_CPP_01_017
TEST(engine, is_made_moved_and_given_back)
{
    async_socket::engine first;
    EXPECT_NE(first.handle(), nullptr);
    const EXECUTION_ENGINE_HANDLE handle = first.handle();
    async_socket::engine second(std::move(first));
    EXPECT_EQ(second.handle(), handle);
    EXPECT_EQ(first.handle(), nullptr); // NOLINT(bugprone-use-after-move)
    first = std::move(second);
    EXPECT_EQ(first.handle(), handle);
    const async_socket::engine other(EXECUTION_ENGINE_PARAMETERS{1, 1});
    EXPECT_NE(other.handle(), nullptr);
}

// SRS_CPP_01_018
TEST_F(engine_of_cpp, runs_a_task_on_a_thread_of_its_own)
{
    const std::thread::id here = std::this_thread::get_id();
    EXPECT_NE(run([]() -> task<std::thread::id> { co_return std::this_thread::get_id(); }), here);
}

// SRS_CPP_01_018
TEST_F(engine_of_cpp, returns_and_throws_what_the_task_does)
{
    EXPECT_EQ(*run([]() -> task<std::unique_ptr<int>> { co_return std::make_unique<int>(3); }), 3);
    EXPECT_THROW(run([]() -> task<int> {
                     throw std::runtime_error("out");
                     co_return 1;
                 }),
                 std::runtime_error);
}

// SRS_CPP_01_018
TEST_F(engine_of_cpp, runs_tasks_of_several_threads)
{
    std::atomic<int> sum{0};
    {
        std::vector<std::jthread> threads;
        for (int index = 0; index != 4; ++index) {
            threads.emplace_back([&] {
                for (int turn = 0; turn != 200; ++turn) {
                    sum += run([]() -> task<int> { co_return 1; });
                }
            });
        }
    }
    EXPECT_EQ(sum, 800);
}

// SRS_CPP_01_019
TEST(engine, that_is_gone_runs_nothing)
{
    async_socket::engine gone;
    const async_socket::engine taken(std::move(gone));
    const auto body = []() -> task<int> { co_return 1; };
    EXPECT_THROW(gone.run(body()), std::system_error); // NOLINT(bugprone-use-after-move)
}

// SRS_CPP_01_022
TEST_F(engine_of_cpp, spawns_from_a_thread_that_is_not_its_own)
{
    contract::event ended;
    std::thread::id there;
    const auto body = [&]() -> task<> {
        there = std::this_thread::get_id();
        ended.set();
        co_return;
    };
    async_socket::spawn(engine, body());
    ASSERT_TRUE(ended.wait());
    EXPECT_NE(there, std::this_thread::get_id());
}

// SRS_CPP_01_022
TEST_F(engine_of_cpp, spawns_on_the_same_thread_when_the_spawning_one_waits)
{
    contract::event ended;
    run([&]() -> task<> {
        const std::thread::id here = std::this_thread::get_id();
        bool waits = false;
        const auto body = [&]() -> task<> {
            EXPECT_TRUE(waits);
            EXPECT_EQ(std::this_thread::get_id(), here);
            ended.set();
            co_return;
        };
        async_socket::spawn(co_await async_socket::current_engine(), body());
        waits = true;
        co_await async_socket::sleep_for(0ms);
        EXPECT_TRUE(ended.wait());
    });
}

// SRS_CPP_01_022, SRS_CPP_01_012
TEST_F(engine_of_cpp, hands_a_spawned_task_its_stop_token)
{
    std::stop_source source;
    contract::event ended;
    const auto body = [&]() -> task<> {
        EXPECT_EQ(co_await async_socket::sleep_for(24h), condition::cancelled);
        ended.set();
    };
    async_socket::spawn(engine, body(), source.get_token());
    source.request_stop();
    ASSERT_TRUE(ended.wait());
}

// SRS_CPP_01_023, SRS_CPP_01_017
TEST(engine, lives_until_its_spawned_tasks_have_ended)
{
    const auto shared = std::make_shared<contract::event>();
    std::weak_ptr<contract::event> watched = shared;
    {
        const async_socket::engine engine(contract::create_engine_under_test(4, 0));
        const auto body = [](std::shared_ptr<contract::event> ended) -> task<> {
            co_await async_socket::sleep_for(20ms);
            co_await async_socket::sleep_for(0ms);
            ended->set();
        };
        async_socket::spawn(engine, body(shared));
    }
    ASSERT_TRUE(shared->wait());
    // The frame, with its copy of the pointer, is freed right after that.
    const auto deadline = std::chrono::steady_clock::now() + contract::generous_limit();
    while (shared.use_count() != 1 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    EXPECT_EQ(shared.use_count(), 1);
}

using engine_death_test = engine_of_cpp;

// SRS_CPP_01_024
TEST_F(engine_death_test, a_spawned_task_that_throws_ends_the_program)
{
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "GoogleTest starts the dying program on a stack that detect_stack_use_after_return does not know";
#elif GTEST_HAS_DEATH_TEST
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(
        {
            const auto body = []() -> task<> {
                throw std::runtime_error("nobody hears this");
                co_return;
            };
            async_socket::spawn(engine, body());
            contract::event never;
            static_cast<void>(never.wait());
        },
        "nobody hears this");
#else
    GTEST_SKIP() << "no death tests here";
#endif
}

// SRS_CPP_01_075
TEST_F(engine_of_cpp, is_not_run_on_by_a_thread_of_its_own)
{
    const auto inner = []() -> task<> { co_return; };
    const auto refused = [&] {
        try {
            engine.run(inner());
        } catch (const std::system_error& error) {
            return error.code() == std::errc::resource_deadlock_would_occur;
        }
        return false;
    };
    run([&]() -> task<> {
        EXPECT_TRUE(refused());
        co_await async_socket::sleep_for(1ms);
        EXPECT_TRUE(refused());
        // Another engine has its own threads.
        async_socket::engine other(contract::create_engine_under_test(1, 1));
        other.run(inner());
    });
    contract::connection link = contract::make_connection();
    const async_socket::socket peer = adopt(engine, std::move(link.peer));
    async_socket::socket local = adopt(engine, std::move(link.local));
    contract::event ended;
    ASSERT_FALSE(local.async_send(async_socket::bytes_of("x"), [&](async_socket::io_result) {
        EXPECT_TRUE(refused());
        ended.set();
    }));
    EXPECT_TRUE(ended.wait());
}

} // namespace
} // namespace cpp_layer
