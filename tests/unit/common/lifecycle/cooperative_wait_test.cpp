// SPDX-License-Identifier: MIT

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "common/lifecycle/cooperative_wait.hpp"
#include "support/background.h"
#include "support/closing.h"
#include "support/probe.h"
#include "support/seeds.h"
#include "support/states.h"

namespace async_socket::detail {

namespace {

// Sleeps as a worker does: in its own wait, which a wake ends at once even when it comes first.
class sleeping_worker final : public cooperative_thread {
public:
    sleeping_worker() { set_current(this); }
    ~sleeping_worker() { set_current(nullptr); }
    sleeping_worker(const sleeping_worker&) = delete;
    sleeping_worker& operator=(const sleeping_worker&) = delete;

    void work_until(const condition& done, const lifecycle&) noexcept override
    {
        while (!done.holds()) {
            std::unique_lock lock(mutex_);
            woken_event_.wait(lock, [this] { return woken_; });
            woken_ = false;
        }
    }

    void look_again() noexcept override
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
        woken_event_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable woken_event_;
    bool woken_ = false; // under the mutex
};

TEST(cooperative_wait, a_thread_is_not_cooperative_unless_it_says_so)
{
    EXPECT_EQ(cooperative_thread::current(), nullptr);
    {
        probe probe;
        EXPECT_EQ(cooperative_thread::current(), &probe);
        background other("other", [] { EXPECT_EQ(cooperative_thread::current(), nullptr); });
    }
    EXPECT_EQ(cooperative_thread::current(), nullptr);
}

TEST(cooperative_wait, only_those_who_wait_are_told_to_look_again)
{
    probe probe;
    cooperative_thread::wake_waiting();
    EXPECT_EQ(probe.looks(), 0);
    {
        const cooperative_thread::waiting waiting(probe);
        cooperative_thread::wake_waiting();
        EXPECT_EQ(probe.looks(), 1);
    }
    cooperative_thread::wake_waiting();
    EXPECT_EQ(probe.looks(), 1);
}

// Waits begin and end in any order: the list must hold together.
TEST(cooperative_wait, all_who_wait_are_told_whatever_the_order_in_which_they_came_and_went)
{
    std::vector<std::size_t> order{0, 1, 2, 3};
    do {
        std::vector<probe> probes(order.size());
        std::vector<std::optional<cooperative_thread::waiting>> waits(order.size());
        for (std::size_t i = 0; i < probes.size(); ++i) {
            waits[i].emplace(probes[i]);
        }
        std::vector<int> expected(order.size(), 0);
        for (const std::size_t leaving : order) {
            waits[leaving].reset();
            cooperative_thread::wake_waiting();
            for (std::size_t i = 0; i < probes.size(); ++i) {
                expected[i] += waits[i].has_value() ? 1 : 0;
                EXPECT_EQ(probes[i].looks(), expected[i]);
            }
        }
    } while (std::next_permutation(order.begin(), order.end()));
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_021: and is told once, however many waits there are.
TEST(cooperative_wait, a_thread_may_wait_in_a_wait)
{
    probe probe;
    const cooperative_thread::waiting outer(probe);
    {
        const cooperative_thread::waiting inner(probe);
        cooperative_thread::wake_waiting();
        EXPECT_EQ(probe.looks(), 1);
    }
    cooperative_thread::wake_waiting();
    EXPECT_EQ(probe.looks(), 2);
}

// SRS_ASYNC_SOCKET_EX_01_041: as on behalf of a close in the background, which outlasts a close that was there before.
TEST(cooperative_wait, of_two_waits_of_a_thread_the_first_one_may_end_first)
{
    probe probe;
    std::optional<cooperative_thread::waiting> first(probe);
    std::optional<cooperative_thread::waiting> second(probe);
    first.reset();
    cooperative_thread::wake_waiting();
    EXPECT_EQ(probe.looks(), 1);
    second.reset();
    cooperative_thread::wake_waiting();
    EXPECT_EQ(probe.looks(), 1);
    const cooperative_thread::waiting third(probe);
    cooperative_thread::wake_waiting();
    EXPECT_EQ(probe.looks(), 2);
}

TEST(cooperative_wait, a_wait_that_need_not_wait_does_not_ask_the_thread_to_work)
{
    lifecycle life;
    bring_to_open_with(life, 1);
    require(begin_close(life, false));
    probe probe;
    life.wait_for_calls();
    wait_for_operations(life, 1);
    EXPECT_EQ(probe.waits(), 0);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005: a wake-up that is lost hangs the close. Several pairs at once, so that the threads
// on the list are not always the same.
TEST(cooperative_wait, no_wake_up_is_lost)
{
    constexpr unsigned pairs = 3;
    constexpr unsigned rounds = 2000;
    std::vector<std::unique_ptr<background>> threads;
    for (const std::uint64_t seed : seeds(pairs)) {
        threads.push_back(std::make_unique<background>("pair", [seed] {
            std::minstd_rand random(static_cast<std::minstd_rand::result_type>(seed));
            std::vector<lifecycle> lives(rounds);
            for (lifecycle& life : lives) {
                bring_to_open_with(life, 2);
                require(begin_close(life, false));
            }
            std::atomic<unsigned> waiter_is_at{0};
            background changer("changer", [&lives, &waiter_is_at, random]() mutable {
                for (unsigned i = 0; i < rounds; ++i) {
                    // About when the waiter comes to this one.
                    while (waiter_is_at.load(std::memory_order_acquire) < i) {
                        std::this_thread::yield();
                    }
                    for (auto spins = random() % 200; spins > 0; --spins) {
                        waiter_is_at.load(std::memory_order_relaxed);
                    }
                    require(!lives[i].end_operation());
                    require(!lives[i].end_operation());
                }
            });
            sleeping_worker worker;
            for (unsigned i = 0; i < rounds; ++i) {
                waiter_is_at.store(i, std::memory_order_release);
                for (auto spins = random() % 200; spins > 0; --spins) {
                    waiter_is_at.load(std::memory_order_relaxed);
                }
                wait_for_operations(lives[i], 0);
                EXPECT_EQ(lives[i].operations(), 0U);
            }
            changer.finish();
        }));
    }
    for (const auto& thread : threads) {
        thread->finish();
    }
}

} // namespace

} // namespace async_socket::detail
