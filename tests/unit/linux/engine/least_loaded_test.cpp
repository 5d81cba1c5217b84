// SPDX-License-Identifier: MIT
//
// Which worker gets a connection where connections are not alike: workers, connections and times that are made up, and
// the choice of the engine.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "linux/engine/least_loaded.hpp"

namespace linux_tests {
namespace {

using async_socket::detail::least_loaded;
using async_socket::detail::time_point_ns;
using async_socket::detail::worker_load;

constexpr time_point_ns one_ms = 1'000'000;
constexpr std::uint32_t worker_count = 4;
constexpr std::uint32_t none_here = worker_count;
constexpr time_point_ns saturated = 95; // percent

// A worker whose connections each take a part of its time, in percent. What they take beyond its time waits.
struct made_up_worker {
    worker_load load;
    time_point_ns wanted = 0;
    time_point_ns worked = 0;

    [[nodiscard]] time_point_ns busy() const { return std::min<time_point_ns>(wanted, 100); }
};

class unequal_connections : public ::testing::Test {
protected:
    // All workers in rounds of 1 ms.
    void let_pass(time_point_ns duration)
    {
        for (const time_point_ns end = now + duration; now < end;) {
            now += one_ms;
            for (made_up_worker& each : workers) {
                each.load.rests();
                each.worked += one_ms * each.busy() / 100;
                if (each.load.goes_on(now)) {
                    each.load.end_period(now, each.worked);
                }
            }
        }
    }
    std::uint32_t place(time_point_ns wanted)
    {
        const std::uint32_t chosen = least_loaded(worker_count, turn++, none_here, now,
                                                  [this](std::uint32_t i) -> worker_load& { return workers[i].load; });
        workers.at(chosen).load.add_socket();
        workers.at(chosen).wanted += wanted;
        return chosen;
    }
    void leave(std::uint32_t worker, std::size_t connections)
    {
        for (std::size_t i = 0; i != connections; ++i) {
            workers.at(worker).load.remove_socket();
        }
    }
    [[nodiscard]] bool one_is_idle() const
    {
        return std::any_of(workers.begin(), workers.end(), [](const made_up_worker& each) { return each.wanted < 10; });
    }

    std::vector<made_up_worker> workers = std::vector<made_up_worker>(worker_count);
    time_point_ns now = 1000 * one_ms;
    std::uint32_t turn = 0;
};

// SRS_EXECUTION_ENGINE_LINUX_01_040
TEST_F(unequal_connections, that_take_next_to_nothing_are_divided_evenly)
{
    constexpr std::size_t connections = 200 * worker_count;
    std::vector<std::size_t> of_worker(worker_count);
    for (std::size_t i = 0; i != connections; ++i) {
        ++of_worker.at(place(0));
    }
    EXPECT_EQ(of_worker, std::vector<std::size_t>(worker_count, 200));
}

// One connection takes all the time of its worker, which has the fewest. SRS_EXECUTION_ENGINE_LINUX_01_042
TEST_F(unequal_connections, do_not_go_to_a_worker_that_one_of_them_keeps_busy)
{
    for (std::size_t i = 0; i != 40; ++i) {
        place(0);
    }
    leave(2, 9);
    workers[2].wanted = 100;
    let_pass(2 * worker_load::period);
    for (std::size_t i = 0; i != 100; ++i) {
        EXPECT_NE(place(0), 2u);
    }
    // When that has gone, those that come make up for it.
    workers[2].wanted = 0;
    let_pass(2 * worker_load::period);
    for (std::size_t i = 0; i != 30; ++i) {
        EXPECT_EQ(place(0), 2u);
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_042
TEST_F(unequal_connections, go_to_the_one_with_the_fewest_where_none_keeps_up)
{
    for (std::size_t i = 0; i != 40; ++i) {
        place(saturated);
    }
    let_pass(2 * worker_load::period);
    leave(1, 3);
    for (std::size_t i = 0; i != 3; ++i) {
        EXPECT_EQ(place(saturated), 1u);
    }
}

// Those that come go to the idle ones: while there is one, none that is saturated gets anything a second after it has
// become so, and before long there is no idle one left.
// SRS_EXECUTION_ENGINE_LINUX_01_042, SRS_ASYNC_SOCKET_GUARANTEE_01_023
TEST_F(unequal_connections, leave_no_worker_idle_while_another_is_saturated)
{
    // Every fourth is a heavy one; were connections only counted, they would all be one worker's.
    std::vector<time_point_ns> saturated_since(worker_count, 0);
    std::size_t placed_beside_idle = 0;
    for (std::size_t i = 0; i != 200; ++i) {
        const std::uint32_t chosen = place(i % worker_count == 0 ? 50 : 1);
        const time_point_ns since = saturated_since.at(chosen);
        if (since != 0 && now - since > 1000 * one_ms) {
            placed_beside_idle += one_is_idle() ? 1 : 0;
        }
        let_pass(100 * one_ms);
        for (std::uint32_t each = 0; each != worker_count; ++each) {
            const bool is_saturated = workers[each].wanted >= saturated;
            saturated_since[each] = !is_saturated ? 0 : saturated_since[each] != 0 ? saturated_since[each] : now;
        }
    }
    EXPECT_EQ(placed_beside_idle, 0u);
    EXPECT_FALSE(one_is_idle());
    for (const made_up_worker& each : workers) {
        EXPECT_GE(each.busy(), saturated);
    }
}

// A callback of it has run for long; whoever asks inside that callback knows that nothing holds it up.
// SRS_EXECUTION_ENGINE_LINUX_01_042
TEST_F(unequal_connections, go_to_a_worker_that_is_held_up_only_when_it_asks_itself)
{
    let_pass(100 * one_ms);
    for (std::uint32_t each = 1; each != worker_count; ++each) {
        workers[each].load.add_socket();
        workers[each].load.rests();
    }
    const time_point_ns later = now + 1000 * one_ms;
    const auto load_of = [this](std::uint32_t i) -> worker_load& { return workers[i].load; };
    EXPECT_NE(least_loaded(worker_count, 0, none_here, later, load_of), 0u);
    EXPECT_EQ(least_loaded(worker_count, 0, 0, later, load_of), 0u);
}

} // namespace
} // namespace linux_tests
