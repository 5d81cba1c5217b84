// SPDX-License-Identifier: MIT
//
// Visits: calls that come in any state, are waited for by a close that begins after them, and may be the last to leave.

#include <array>

#include <gtest/gtest.h>

#include "common/lifecycle.hpp"
#include "support/probe.h"
#include "support/states.h"

namespace async_socket::detail {

namespace {

using state = lifecycle::state;

constexpr std::array every_state{state::created, state::opening, state::open,
                                 state::closing, state::closed,  state::connecting};

TEST(lifecycle_visit, is_let_in_in_every_state_and_is_told_which)
{
    for (const state each : every_state) {
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

// SRS_ASYNC_SOCKET_WIN32_01_020
TEST(lifecycle_visit, is_waited_for_by_a_close)
{
    lifecycle life;
    bring_to_open_with(life, 0);
    life.begin_visit();
    require(life.begin_close(false));
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
    require(life.begin_close(false));
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
