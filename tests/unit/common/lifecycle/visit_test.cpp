// SPDX-License-Identifier: MIT
//
// Visits: calls that come in any state, are waited for by a close that begins after them, and may be the last to leave.

#include <array>
#include <cstdint>

#include <gtest/gtest.h>

#include "common/lifecycle/lifecycle.hpp"
#include "support/closing.h"
#include "support/probe.h"
#include "support/states.h"

namespace async_socket::detail {

namespace {

using state = lifecycle::state;

constexpr std::array all_states{state::created, state::opening, state::open,
                                state::closing, state::closed,  state::connecting};

TEST(lifecycle_visit, is_let_in_in_every_state_and_is_told_which)
{
    for (const state each : all_states) {
        SCOPED_TRACE(name_of(each));
        lifecycle life;
        bring_to(life, each);
        const auto operations = life.operations();
        EXPECT_EQ(life.begin_visit(), each);
        EXPECT_EQ(life.current(), each);
        EXPECT_EQ(life.operations(), operations);
        EXPECT_FALSE(life.end_visit());
        EXPECT_EQ(life.current(), each);
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_022
TEST(lifecycle_visit, that_lasts_is_refused_before_the_count_of_calls_is_full_and_so_is_a_call)
{
    constexpr std::uint32_t beyond_all_bounds = (1U << 24) + 1;
    lifecycle life;
    bring_to_open_with(life, 0);
    std::uint32_t let_in = 0;
    while (let_in != beyond_all_bounds && life.begin_lasting_visit()) {
        ++let_in;
    }
    EXPECT_LT(let_in, 1U << 24);
    EXPECT_EQ(life.operations(), 0U);
    EXPECT_TRUE(life.is_crowded());
    EXPECT_FALSE(life.begin_call());
    EXPECT_EQ(life.operations(), 0U);
    EXPECT_EQ(life.current(), state::open);

    // A visit that goes with the call of a thread has room still.
    EXPECT_EQ(life.begin_visit(), state::open);
    EXPECT_FALSE(life.end_visit());
    EXPECT_FALSE(life.end_visit());
    EXPECT_FALSE(life.is_crowded());
    EXPECT_TRUE(life.begin_call());
    EXPECT_EQ(life.operations(), 1U);
    life.withdraw_call();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_022
TEST(lifecycle_visit, is_let_in_where_calls_are_not)
{
    constexpr std::uint32_t beyond_all_bounds = (1U << 24) + 1;
    lifecycle life;
    bring_to_open_with(life, 0);
    std::uint32_t let_in = 0;
    while (let_in != beyond_all_bounds && life.begin_call()) {
        ++let_in;
    }
    EXPECT_LT(let_in, 1U << 24);
    EXPECT_EQ(life.operations(), let_in);
    EXPECT_EQ(life.current(), state::open);
    EXPECT_FALSE(life.begin_lasting_visit());
    EXPECT_EQ(life.begin_visit(), state::open);
    EXPECT_FALSE(life.end_visit());
    EXPECT_EQ(life.operations(), let_in);
}

// SRS_ASYNC_SOCKET_WIN32_01_020
TEST(lifecycle_visit, is_waited_for_by_a_close)
{
    lifecycle life;
    bring_to_open_with(life, 0);
    life.begin_visit();
    require(begin_close(life, false));
    probe probe;
    probe.when_waiting([&](const probe::condition& done) {
        EXPECT_FALSE(done.holds());
        EXPECT_FALSE(life.end_visit());
        EXPECT_TRUE(done.holds());
    });
    life.wait_for_calls();
    EXPECT_EQ(probe.waits(), 1);
}

// SRS_ASYNC_SOCKET_WIN32_01_005: one that came while the socket was being closed, or closed already.
TEST(lifecycle_visit, frees_where_it_is_the_last)
{
    for (const state settled : {state::created, state::closed}) {
        SCOPED_TRACE(name_of(settled));
        lifecycle life;
        bring_to(life, settled);
        while (life.operations() != 0) {
            require(!life.end_operation());
        }
        life.begin_visit();
        EXPECT_FALSE(life.release_handle());
        EXPECT_TRUE(life.end_visit());
    }
}

TEST(lifecycle_visit, that_outlives_the_close_leaves_the_memory_to_itself)
{
    lifecycle life;
    bring_to_open_with(life, 0);
    require(begin_close(life, false));
    life.wait_for_calls();
    EXPECT_EQ(life.begin_visit(), state::closing);
    EXPECT_FALSE(life.release_handle());
    EXPECT_FALSE(life.complete_close());
    EXPECT_TRUE(life.end_visit());
}

TEST(lifecycle_visit, does_not_free_under_an_operation_or_another_visit)
{
    lifecycle life;
    bring_to(life, state::closed);
    life.begin_visit();
    life.begin_visit();
    EXPECT_FALSE(life.release_handle());
    EXPECT_FALSE(life.end_visit());
    EXPECT_FALSE(life.end_visit()) << "the open callback has not returned";
    EXPECT_TRUE(life.end_operation());
}

} // namespace

} // namespace async_socket::detail
