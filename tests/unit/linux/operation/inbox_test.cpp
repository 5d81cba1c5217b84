// SPDX-License-Identifier: MIT
//
// What other threads have for a worker: nothing lost, nothing twice, each thread's in its order, and one wake-up a
// sleep.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "linux/operation/inbox.hpp"
#include "support/event.h"

namespace linux_tests {
namespace {

using async_socket::detail::inbox;
using async_socket::detail::work_item;
using async_socket::detail::work_kind;

struct numbered_item : work_item {
    numbered_item() : work_item(work_kind::send) {}
    std::size_t thread = 0;
    std::size_t number = 0; // written by the thread that pushes it, read by the one that takes it
};

std::vector<const work_item*> taken_from(inbox& box)
{
    std::vector<const work_item*> result;
    for (const work_item* each = box.take_all(); each != nullptr; each = each->next) {
        result.push_back(each);
    }
    return result;
}

// SRS_EXECUTION_ENGINE_LINUX_01_008
TEST(inbox, gives_everything_in_the_order_in_which_it_was_pushed)
{
    inbox box;
    EXPECT_TRUE(box.empty());
    EXPECT_TRUE(taken_from(box).empty());
    numbered_item items[5];
    for (numbered_item& each : items) {
        EXPECT_FALSE(box.push(&each)) << "nobody is asleep";
    }
    EXPECT_FALSE(box.empty());
    EXPECT_EQ(taken_from(box), (std::vector<const work_item*>{&items[0], &items[1], &items[2], &items[3], &items[4]}));
    EXPECT_TRUE(box.empty());
    EXPECT_TRUE(taken_from(box).empty());
}

// SRS_EXECUTION_ENGINE_LINUX_01_008
TEST(inbox, tells_exactly_the_first_who_pushes_to_a_sleeper_to_wake_it)
{
    inbox box;
    numbered_item items[4];
    ASSERT_TRUE(box.fall_asleep());
    EXPECT_TRUE(box.fall_asleep()) << "asleep already";
    EXPECT_TRUE(box.empty());
    EXPECT_TRUE(box.push(&items[0]));
    EXPECT_FALSE(box.push(&items[1]));
    EXPECT_FALSE(box.push(&items[2]));
    EXPECT_FALSE(box.fall_asleep()) << "there is something to take";
    EXPECT_EQ(taken_from(box), (std::vector<const work_item*>{&items[0], &items[1], &items[2]}));
    EXPECT_FALSE(box.push(&items[3])) << "it has woken up";
    EXPECT_EQ(taken_from(box), (std::vector<const work_item*>{&items[3]}));
}

// SRS_EXECUTION_ENGINE_LINUX_01_008
TEST(inbox, is_awake_after_having_looked_whatever_it_found)
{
    inbox box;
    numbered_item item;
    ASSERT_TRUE(box.fall_asleep());
    EXPECT_TRUE(taken_from(box).empty());
    EXPECT_FALSE(box.push(&item));
    EXPECT_FALSE(box.fall_asleep());
    EXPECT_EQ(taken_from(box), (std::vector<const work_item*>{&item}));
    EXPECT_TRUE(box.fall_asleep());
}

// The worker of this test sleeps on a count of wake-ups as the real one does on an eventfd: were one missing, it would
// sleep on with something in its inbox; were there one too many, the counts would differ.
// SRS_EXECUTION_ENGINE_LINUX_01_008
TEST(inbox, loses_nothing_and_wakes_once_a_sleep_under_threads)
{
    constexpr std::size_t threads = 4;
    constexpr std::size_t each = 20000;
    const auto seed = static_cast<std::uint32_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    SCOPED_TRACE(::testing::Message() << "seed " << seed);

    inbox box;
    contract::counter wakes;
    std::vector<std::vector<numbered_item>> items(threads);
    for (std::vector<numbered_item>& of_one : items) {
        of_one = std::vector<numbered_item>(each);
    }
    std::vector<std::thread> pushing;
    for (std::size_t thread = 0; thread != threads; ++thread) {
        pushing.emplace_back([&, thread] {
            std::minstd_rand random(seed + static_cast<std::uint32_t>(thread));
            for (std::size_t i = 0; i != each; ++i) {
                numbered_item& item = items[thread][i];
                item.thread = thread;
                item.number = i;
                if (box.push(&item)) {
                    wakes.add();
                }
                if (random() % 16 == 0) {
                    std::this_thread::yield();
                }
            }
        });
    }

    std::size_t taken = 0;
    std::size_t slept = 0;
    std::vector<std::size_t> next(threads, 0);
    while (taken != threads * each) {
        for (work_item* item = box.take_all(); item != nullptr; item = item->next) {
            const auto& numbered = static_cast<const numbered_item&>(*item);
            ASSERT_EQ(numbered.number, next[numbered.thread]++);
            ++taken;
        }
        if (taken != threads * each && box.fall_asleep()) {
            ++slept;
            ASSERT_TRUE(wakes.wait_for(slept)) << "asleep, and nobody wakes it";
            ASSERT_FALSE(box.empty()) << "woken for nothing";
        }
    }
    for (std::thread& one : pushing) {
        one.join();
    }
    EXPECT_EQ(wakes.value(), slept);
    EXPECT_TRUE(box.empty());
}

} // namespace
} // namespace linux_tests
