// SPDX-License-Identifier: MIT
//
// When a worker counts as one that does not keep up, in times that are made up.

#include <gtest/gtest.h>

#include "linux/engine/worker_load.hpp"

namespace linux_tests {
namespace {

using async_socket::detail::time_point_ns;
using async_socket::detail::worker_load;

constexpr time_point_ns ms = 1'000'000;

// A worker at work in rounds of 1 ms, for `duration`, of which its thread gets `percent` of the time.
class worked_load {
public:
    void work(time_point_ns duration, time_point_ns percent, time_point_ns spun_percent = 0)
    {
        for (const time_point_ns end = now + duration; now < end;) {
            load.rests();
            load.has_spun(ms * spun_percent / 100);
            now += ms;
            worked_ += ms * percent / 100;
            if (load.goes_on(now)) {
                load.end_period(now, worked_);
            }
        }
    }
    [[nodiscard]] bool is_overloaded() const { return load.is_overloaded(now); }

    worker_load load;
    time_point_ns now = 1000 * ms;

private:
    time_point_ns worked_ = 0;
};

// SRS_EXECUTION_ENGINE_LINUX_01_042
TEST(worker_load, of_one_that_has_not_begun_is_nothing)
{
    const worker_load fresh;
    EXPECT_FALSE(fresh.is_overloaded(0));
    EXPECT_FALSE(fresh.is_overloaded(1000 * ms));
}

// SRS_EXECUTION_ENGINE_LINUX_01_042
TEST(worker_load, is_too_much_while_a_round_does_not_end)
{
    worked_load one;
    one.work(1000 * ms, 10);
    EXPECT_FALSE(one.is_overloaded());
    one.now += worker_load::held_up_after - ms;
    EXPECT_FALSE(one.is_overloaded());
    one.now += 2 * ms;
    EXPECT_TRUE(one.is_overloaded());
    one.load.rests();
    EXPECT_FALSE(one.is_overloaded()) << "it has come back";
}

// SRS_EXECUTION_ENGINE_LINUX_01_042
TEST(worker_load, is_too_much_where_no_time_is_left)
{
    worked_load one;
    one.work(1000 * ms, 85);
    EXPECT_FALSE(one.is_overloaded());
    one.work(2 * worker_load::period, 95);
    EXPECT_TRUE(one.is_overloaded());
    one.load.rests();
    EXPECT_TRUE(one.is_overloaded()) << "between two rounds, too";
    one.work(2 * worker_load::period, 50);
    EXPECT_FALSE(one.is_overloaded());
}

// SRS_EXECUTION_ENGINE_LINUX_01_042
TEST(worker_load, is_forgotten_by_a_long_rest)
{
    worked_load one;
    one.work(2 * worker_load::period, 100);
    one.load.rests();
    one.now += worker_load::period - 2 * ms;
    EXPECT_TRUE(one.is_overloaded());
    one.now += 3 * ms;
    EXPECT_FALSE(one.is_overloaded());
}

// SRS_EXECUTION_ENGINE_LINUX_01_042
TEST(worker_load, does_not_count_the_looking_for_work)
{
    worked_load one;
    one.work(2 * worker_load::period, 100, 50);
    EXPECT_FALSE(one.is_overloaded());
    one.work(2 * worker_load::period, 100, 5);
    EXPECT_TRUE(one.is_overloaded());
}

// A processor's coarse clock may be behind another's. SRS_EXECUTION_ENGINE_LINUX_01_042
TEST(worker_load, of_a_round_that_has_yet_to_begin_is_nothing)
{
    worked_load one;
    one.work(10 * ms, 10);
    EXPECT_FALSE(one.load.is_overloaded(one.now - 4 * ms));
}

// SRS_EXECUTION_ENGINE_LINUX_01_040
TEST(worker_load, counts_sockets)
{
    worker_load load;
    load.add_socket();
    load.add_socket();
    load.remove_socket();
    EXPECT_EQ(load.sockets(), 1u);
}

} // namespace
} // namespace linux_tests
