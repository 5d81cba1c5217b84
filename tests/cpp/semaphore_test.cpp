// SPDX-License-Identifier: MIT

#include <atomic>
#include <chrono>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"
#include "support/owned_coroutine.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::semaphore;

class semaphore_of_cpp : public with_engine {
protected:
    semaphore_of_cpp() : counted(engine) {}

    // Waits, and notes when it goes on; begins at once.
    detached_coroutine wait_and_note(int number, std::vector<int>& order, contract::event& ended)
    {
        const std::error_code error = co_await counted.acquire();
        EXPECT_FALSE(error) << error.message();
        order.push_back(number);
        ended.set();
    }

    explicit semaphore_of_cpp(std::uint32_t threads) : with_engine(threads), counted(engine) {}

    semaphore counted;
};

class semaphore_on_one_thread : public semaphore_of_cpp {
protected:
    semaphore_on_one_thread() : semaphore_of_cpp(1) {}
};

// SRS_CPP_01_071
TEST_F(semaphore_of_cpp, lets_through_what_it_counts_without_a_wait)
{
    semaphore two(engine, 2);
    run([&]() -> task<> {
        const std::thread::id here = std::this_thread::get_id();
        EXPECT_FALSE(co_await two.acquire());
        EXPECT_EQ(std::this_thread::get_id(), here);
        EXPECT_TRUE(two.try_acquire());
        EXPECT_FALSE(two.try_acquire());
        EXPECT_EQ(co_await two.acquire(0s), condition::timed_out);
        two.release(2);
        EXPECT_TRUE(two.try_acquire());
        EXPECT_FALSE(co_await two.acquire());
        EXPECT_FALSE(two.try_acquire());
    });
}

// SRS_CPP_01_071
TEST_F(semaphore_of_cpp, lets_through_in_the_order_in_which_they_came)
{
    std::vector<int> order;
    contract::event first;
    contract::event second;
    contract::event third;
    wait_and_note(1, order, first);
    wait_and_note(2, order, second);
    wait_and_note(3, order, third);
    counted.release();
    ASSERT_TRUE(first.wait());
    EXPECT_EQ(order, std::vector<int>{1});
    EXPECT_FALSE(counted.try_acquire());
    counted.release();
    ASSERT_TRUE(second.wait());
    EXPECT_EQ(order, (std::vector<int>{1, 2}));
    counted.release(2);
    ASSERT_TRUE(third.wait());
    EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
    EXPECT_TRUE(counted.try_acquire());
    EXPECT_FALSE(counted.try_acquire());
}

// SRS_CPP_01_071, SRS_CPP_01_031
TEST_F(semaphore_of_cpp, is_released_by_any_thread_and_goes_on_on_one_of_the_engine)
{
    std::jthread other([&] { counted.release(); });
    const std::thread::id other_id = other.get_id();
    run([&]() -> task<> {
        EXPECT_FALSE(co_await counted.acquire());
        EXPECT_NE(std::this_thread::get_id(), other_id);
    });
}

// SRS_CPP_01_072, SRS_CPP_01_034
TEST_F(semaphore_of_cpp, takes_nothing_when_its_time_is_over)
{
    run([&]() -> task<> {
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_EQ(co_await counted.acquire(20ms), condition::timed_out);
        EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
        counted.release();
        EXPECT_FALSE(co_await counted.acquire(1h));
    });
}

// SRS_CPP_01_072, SRS_CPP_01_035, SRS_CPP_01_036
TEST_F(semaphore_of_cpp, takes_nothing_when_it_is_cancelled)
{
    std::stop_source source;
    run([&]() -> task<> {
        std::jthread stopper([&] { source.request_stop(); });
        EXPECT_EQ(co_await counted.acquire(source.get_token()), condition::cancelled);
        EXPECT_EQ(co_await counted.acquire(source.get_token()), condition::cancelled);
    });
    run([&]() -> task<> { EXPECT_EQ(co_await counted.acquire(), condition::cancelled); }, source.get_token());
    counted.release();
    EXPECT_TRUE(counted.try_acquire());
}

// SRS_CPP_01_072, SRS_CPP_01_014
TEST_F(semaphore_of_cpp, passes_over_a_coroutine_that_is_destroyed)
{
    bool went_on = false;
    const auto body = [&]() -> owned_coroutine {
        static_cast<void>(co_await counted.acquire());
        went_on = true;
    };
    std::vector<int> order;
    contract::event ended;
    {
        std::optional<owned_coroutine> first(body());
        const owned_coroutine second = body();
        wait_and_note(3, order, ended);
        first.reset();
    }
    counted.release();
    ASSERT_TRUE(ended.wait());
    EXPECT_FALSE(counted.try_acquire());
    EXPECT_FALSE(went_on);
}

// SRS_CPP_01_071, SRS_CPP_01_072
TEST_F(semaphore_of_cpp, counts_right_while_all_happens_at_a_time)
{
    constexpr int turns = 2000;
    std::atomic<int> taken{0};
    std::atomic<int> left{0};
    const auto impatient = [&]() -> task<> {
        for (int turn = 0; turn != turns; ++turn) {
            const std::error_code error = co_await counted.acquire(turn % 3 == 0 ? async_socket::time_limit(0s) : 1h);
            (error ? left : taken).fetch_add(1);
        }
    };
    constexpr int takers = 4;
    std::jthread giver([&] {
        for (int turn = 0; turn != takers * turns; ++turn) {
            counted.release();
        }
    });
    {
        async_socket::scope all(engine);
        for (int number = 0; number != takers; ++number) {
            all.spawn(impatient());
        }
        run([&]() -> task<> { co_await all.join(); });
    }
    giver.join();
    EXPECT_EQ(taken + left, takers * turns);
    int rest = 0;
    while (counted.try_acquire()) {
        ++rest;
    }
    EXPECT_EQ(rest, left);
}

// SRS_CPP_01_071
TEST_F(semaphore_on_one_thread, lets_nobody_go_on_inside_release)
{
    std::vector<int> order;
    contract::event ended;
    run([&]() -> task<> {
        wait_and_note(1, order, ended);
        counted.release();
        EXPECT_TRUE(order.empty());
        co_return;
    });
    ASSERT_TRUE(ended.wait());
}

// Nobody's turn is lost with a coroutine that is destroyed when it was let through and has not gone on. Here it cannot
// go on: its engine has one thread, which destroys it. (It is a new engine each time, for while a callback waits, as
// the one that destroys does, an engine may have another thread.) SRS_CPP_01_072, SRS_CPP_01_014
TEST(semaphore_of_one_thread, passes_on_the_turn_of_a_coroutine_that_is_destroyed)
{
    // The release comes before, at the same time, or after.
    for (int turn = 0; turn != 100; ++turn) {
        async_socket::engine engine(contract::create_engine_under_test(1, 1));
        semaphore counted(engine);
        bool went_on = false;
        const auto body = [&]() -> owned_coroutine {
            static_cast<void>(co_await counted.acquire());
            went_on = true;
        };
        const auto destroy_while_it_is_released = [&]() -> task<> {
            owned_coroutine waiting = body();
            if (turn % 3 == 0) {
                counted.release();
                waiting.destroy();
            } else {
                std::jthread releasing([&] { counted.release(); });
                if (turn % 3 == 1) {
                    std::this_thread::yield();
                }
                waiting.destroy();
                releasing.join();
            }
            EXPECT_TRUE(counted.try_acquire());
            co_return;
        };
        engine.run(destroy_while_it_is_released());
        EXPECT_FALSE(went_on);
    }
}

} // namespace
} // namespace cpp_layer
