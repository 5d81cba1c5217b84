// SPDX-License-Identifier: MIT
//
// Every transition of the lifecycle and every refused one, and what the counts are after each.

#include <array>
#include <cstdint>

#include <gtest/gtest.h>

#include "common/lifecycle/lifecycle.hpp"
#include "support/closing.h"
#include "support/states.h"

namespace async_socket::detail {

namespace {

using state = lifecycle::state;

constexpr std::array every_state{state::created, state::opening, state::open,
                                 state::closing, state::closed,  state::connecting};

TEST(lifecycle_transitions, starts_created_with_nothing_counted)
{
    const lifecycle life;
    EXPECT_EQ(life.current(), state::created);
    EXPECT_EQ(life.operations(), 0U);
}

// SRS_ASYNC_SOCKET_WIN32_01_015, SRS_ASYNC_SOCKET_WIN32_01_023, SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST(lifecycle_transitions, opens_from_created_only)
{
    for (const state from : every_state) {
        SCOPED_TRACE(name_of(from));
        lifecycle life;
        bring_to(life, from);
        const std::uint32_t operations = life.operations();
        const bool allowed = from == state::created;
        EXPECT_EQ(life.begin_open(), allowed);
        EXPECT_EQ(life.current(), allowed ? state::opening : from);
        EXPECT_EQ(life.operations(), operations);
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_097, SRS_ASYNC_SOCKET_WIN32_01_098
TEST(lifecycle_transitions, takes_calls_when_open_only)
{
    for (const state from : every_state) {
        SCOPED_TRACE(name_of(from));
        lifecycle life;
        bring_to(life, from);
        const std::uint32_t operations = life.operations();
        const bool allowed = from == state::open;
        EXPECT_EQ(life.begin_call(), allowed);
        EXPECT_EQ(life.current(), from);
        EXPECT_EQ(life.operations(), operations + (allowed ? 1 : 0));
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_019, SRS_ASYNC_SOCKET_WIN32_01_022, SRS_ASYNC_CONNECT_01_011
TEST(lifecycle_transitions, closes_from_open_and_connecting_only)
{
    for (const bool inside_own_callback : {false, true}) {
        for (const state from : every_state) {
            SCOPED_TRACE(name_of(from));
            lifecycle life;
            bring_to(life, from);
            const std::uint32_t operations = life.operations();
            const bool allowed = from == state::open || from == state::connecting;
            EXPECT_EQ(begin_close(life, inside_own_callback),
                      allowed ? lifecycle::close_connection : lifecycle::close_nothing);
            EXPECT_EQ(life.current(), allowed ? state::closing : from);
            EXPECT_EQ(life.operations(), operations);
        }
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_039
TEST(lifecycle_transitions, a_failed_open_leaves_it_as_it_was_created)
{
    lifecycle life;
    ASSERT_TRUE(life.begin_open());
    life.abandon_open();
    EXPECT_EQ(life.current(), state::created);
    EXPECT_EQ(life.operations(), 0U);
    EXPECT_TRUE(life.begin_open());
}

// SRS_ASYNC_SOCKET_WIN32_01_094
TEST(lifecycle_transitions, an_open_socket_begins_with_the_open_callback_counted)
{
    lifecycle life;
    ASSERT_TRUE(life.begin_open());
    life.complete_open(0);
    EXPECT_EQ(life.current(), state::open);
    EXPECT_EQ(life.operations(), 1U);
    EXPECT_FALSE(life.end_operation());
    EXPECT_EQ(life.operations(), 0U);
    EXPECT_EQ(life.current(), state::open);
}

TEST(lifecycle_transitions, what_lasts_as_long_as_the_socket_is_open_is_counted_from_the_start)
{
    for (const std::uint32_t others : {1U, 2U, 5U}) {
        lifecycle life;
        ASSERT_TRUE(life.begin_open());
        life.complete_open(others);
        EXPECT_EQ(life.current(), state::open);
        EXPECT_EQ(life.operations(), 1U + others);
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_021
TEST(lifecycle_transitions, a_close_ends_closed)
{
    for (const bool inside_own_callback : {false, true}) {
        lifecycle life;
        bring_to_open_with(life, 0);
        ASSERT_TRUE(begin_close(life, inside_own_callback));
        EXPECT_FALSE(life.complete_close());
        EXPECT_EQ(life.current(), state::closed);
    }
}

TEST(lifecycle_transitions, a_call_that_started_its_operation_leaves_it_counted)
{
    lifecycle life;
    bring_to_open_with(life, 0);
    ASSERT_TRUE(life.begin_call());
    EXPECT_EQ(life.operations(), 1U);
    life.end_call();
    EXPECT_EQ(life.operations(), 1U);
    life.wait_for_calls();
    EXPECT_FALSE(life.end_operation());
    EXPECT_EQ(life.operations(), 0U);
}

TEST(lifecycle_transitions, a_call_that_started_nothing_leaves_nothing_counted)
{
    lifecycle life;
    bring_to_open_with(life, 0);
    ASSERT_TRUE(life.begin_call());
    life.withdraw_call();
    EXPECT_EQ(life.operations(), 0U);
    life.wait_for_calls();
    wait_for_operations(life, 0);
}

TEST(lifecycle_transitions, an_operation_may_end_before_the_call_that_started_it)
{
    lifecycle life;
    bring_to_open_with(life, 0);
    ASSERT_TRUE(life.begin_call());
    EXPECT_FALSE(life.end_operation());
    EXPECT_EQ(life.operations(), 0U);
    life.end_call();
    EXPECT_EQ(life.operations(), 0U);
    EXPECT_EQ(life.current(), state::open);
}

TEST(lifecycle_transitions, calls_and_operations_do_not_spill_into_one_another_or_into_the_state)
{
    constexpr std::uint32_t many = 100'000;
    lifecycle life;
    bring_to_open_with(life, 0);
    for (std::uint32_t i = 0; i < many; ++i) {
        ASSERT_TRUE(life.begin_call());
    }
    EXPECT_EQ(life.operations(), many);
    EXPECT_EQ(life.current(), state::open);
    for (std::uint32_t i = 0; i < many; ++i) {
        life.end_call();
    }
    EXPECT_EQ(life.operations(), many);
    EXPECT_EQ(life.current(), state::open);
    life.wait_for_calls();
    for (std::uint32_t i = 0; i < many; ++i) {
        ASSERT_FALSE(life.end_operation());
    }
    EXPECT_EQ(life.operations(), 0U);
    EXPECT_EQ(life.current(), state::open);
}

TEST(lifecycle_transitions, a_given_back_handle_does_not_show_in_state_and_counts)
{
    for (const bool inside_own_callback : {false, true}) {
        lifecycle life;
        bring_to_open_with(life, 2);
        ASSERT_TRUE(begin_close(life, inside_own_callback));
        EXPECT_FALSE(life.release_handle());
        EXPECT_EQ(life.current(), state::closing);
        EXPECT_EQ(life.operations(), 2U);
        EXPECT_FALSE(life.complete_close());
        EXPECT_EQ(life.current(), state::closed);
        EXPECT_EQ(life.operations(), 2U);
    }
}

} // namespace

} // namespace async_socket::detail
