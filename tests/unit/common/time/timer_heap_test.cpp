// SPDX-License-Identifier: MIT

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "common/time/timer_heap.hpp"
#include "support/seeds.h"

namespace async_socket::detail {

namespace {

timer_node due_at(time_point_ns due)
{
    timer_node node;
    node.due = due;
    return node;
}

// Takes everything out from the front; the times as they came.
std::vector<time_point_ns> drain(timer_heap& heap)
{
    std::vector<time_point_ns> order;
    while (!heap.empty()) {
        timer_node* const front = heap.front();
        order.push_back(front->due);
        heap.remove(*front);
        EXPECT_FALSE(timer_heap::is_queued(*front));
    }
    return order;
}

TEST(timer_heap, begins_empty)
{
    const timer_heap heap;
    EXPECT_TRUE(heap.empty());
    EXPECT_EQ(heap.front(), nullptr);
    const timer_node node;
    EXPECT_FALSE(timer_heap::is_queued(node));
    EXPECT_EQ(node.due, never);
}

TEST(timer_heap, knows_what_is_in_it)
{
    timer_heap heap;
    timer_node first = due_at(2);
    timer_node second = due_at(1);
    heap.push(first);
    EXPECT_TRUE(timer_heap::is_queued(first));
    EXPECT_FALSE(timer_heap::is_queued(second));
    heap.push(second);
    EXPECT_EQ(heap.front(), &second);
    heap.remove(second);
    EXPECT_EQ(heap.front(), &first);
    EXPECT_FALSE(timer_heap::is_queued(second));
    heap.remove(first);
    EXPECT_TRUE(heap.empty());
}

TEST(timer_heap, gives_the_earliest_first_whatever_the_order_of_adding)
{
    std::vector<time_point_ns> times{1, 2, 3, 4, 5, 6};
    do {
        std::vector<timer_node> nodes(times.size());
        timer_heap heap;
        for (std::size_t i = 0; i < times.size(); ++i) {
            nodes[i].due = times[i];
            heap.push(nodes[i]);
        }
        EXPECT_EQ(drain(heap), (std::vector<time_point_ns>{1, 2, 3, 4, 5, 6}));
    } while (std::next_permutation(times.begin(), times.end()));
}

TEST(timer_heap, lets_go_of_any_one_of_them_in_every_order_of_adding)
{
    std::vector<time_point_ns> times{1, 2, 3, 4, 5};
    do {
        for (std::size_t out = 0; out < times.size(); ++out) {
            std::vector<timer_node> nodes(times.size());
            timer_heap heap;
            for (std::size_t i = 0; i < times.size(); ++i) {
                nodes[i].due = times[i];
                heap.push(nodes[i]);
            }
            // One step in the depth first, so that there are children of children.
            timer_node* const front = heap.front();
            heap.remove(*front);
            heap.push(*front);
            heap.remove(nodes[out]);
            std::vector<time_point_ns> expected = {1, 2, 3, 4, 5};
            expected.erase(std::find(expected.begin(), expected.end(), times[out]));
            EXPECT_EQ(drain(heap), expected);
        }
    } while (std::next_permutation(times.begin(), times.end()));
}

TEST(timer_heap, holds_many_that_are_due_together)
{
    constexpr std::size_t many = 100'000; // as deep as a row can get: nothing may recurse
    std::vector<timer_node> nodes(many);
    timer_heap heap;
    for (timer_node& each : nodes) {
        each.due = 7;
        heap.push(each);
    }
    std::vector<bool> seen(many);
    for (std::size_t i = 0; i < many; ++i) {
        timer_node* const front = heap.front();
        const auto index = static_cast<std::size_t>(front - nodes.data());
        ASSERT_FALSE(seen[index]);
        seen[index] = true;
        heap.remove(*front);
    }
    EXPECT_TRUE(heap.empty());
}

TEST(timer_heap, takes_again_what_it_has_let_go)
{
    timer_heap heap;
    timer_node node = due_at(5);
    timer_node other = due_at(6);
    heap.push(node);
    heap.push(other);
    heap.remove(node);
    node.due = 7;
    heap.push(node);
    EXPECT_EQ(drain(heap), (std::vector<time_point_ns>{6, 7}));
}

TEST(timer_heap, holds_what_never_is_due_behind_all_others)
{
    timer_heap heap;
    timer_node endless = due_at(never);
    timer_node last = due_at(never - 1);
    heap.push(endless);
    heap.push(last);
    EXPECT_EQ(heap.front(), &last);
}

// Against a map of the same, in random programs of adding, taking the earliest and taking any.
TEST(timer_heap, agrees_with_a_multimap_in_random_programs)
{
    for (const std::uint64_t seed : seeds(20)) {
        SCOPED_TRACE(seed_to_repeat(seed));
        std::minstd_rand random(static_cast<std::minstd_rand::result_type>(seed));
        const auto pick = [&](std::size_t bound) { return static_cast<std::size_t>(random()) % bound; };
        std::vector<timer_node> nodes(300);
        std::vector<timer_node*> outside;
        for (timer_node& each : nodes) {
            outside.push_back(&each);
        }
        std::multimap<time_point_ns, timer_node*> expected;
        timer_heap heap;
        const std::size_t different_times = 1 + pick(200);
        for (int step = 0; step < 5000; ++step) {
            const std::size_t what = pick(10);
            if (what < 5 && !outside.empty()) {
                std::swap(outside[pick(outside.size())], outside.back());
                timer_node* const node = outside.back();
                outside.pop_back();
                node->due = pick(different_times);
                heap.push(*node);
                expected.emplace(node->due, node);
            } else if (!expected.empty()) {
                auto taken = expected.begin();
                if (what < 8) { // the earliest, which may be any of those due together
                    const auto [first, last] = expected.equal_range(taken->first);
                    taken = std::find_if(first, last, [&](const auto& each) { return each.second == heap.front(); });
                    ASSERT_NE(taken, last);
                } else {
                    std::advance(taken, static_cast<std::ptrdiff_t>(pick(expected.size())));
                }
                heap.remove(*taken->second);
                ASSERT_FALSE(timer_heap::is_queued(*taken->second));
                outside.push_back(taken->second);
                expected.erase(taken);
            }
            ASSERT_EQ(heap.empty(), expected.empty());
            if (!expected.empty()) {
                ASSERT_EQ(heap.front()->due, expected.begin()->first);
            }
        }
        for (const auto& each : expected) {
            ASSERT_TRUE(timer_heap::is_queued(*each.second));
        }
        EXPECT_EQ(drain(heap).size(), expected.size());
    }
}

TEST(timer_heap, counts_times_from_now_on)
{
    const time_point_ns before = now_ns();
    const time_point_ns due = due_in_ms(5);
    const time_point_ns after = now_ns();
    EXPECT_GE(due, before + 5'000'000);
    EXPECT_LE(due, after + 5'000'000);
    EXPECT_EQ(due_in_ms(UINT32_MAX), never);
    EXPECT_GT(due_in_ms(UINT32_MAX - 1), after + std::uint64_t{4'000'000} * 1'000'000);
    EXPECT_LT(due_in_ms(UINT32_MAX - 1), never);
}

} // namespace

} // namespace async_socket::detail
