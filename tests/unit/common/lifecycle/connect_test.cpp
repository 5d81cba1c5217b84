// SPDX-License-Identifier: MIT
//
// Connecting: how it begins and ends, and that it can be closed at every moment, its callback's included.

#include <cstdint>

#include <gtest/gtest.h>

#include "common/lifecycle/lifecycle.hpp"
#include "support/background.h"
#include "support/closing.h"
#include "support/event.h"
#include "support/probe.h"
#include "support/states.h"

namespace async_socket::detail {

namespace {

using state = lifecycle::state;

// A connect has failed; its callback has not returned.
void bring_to_failed_connect(lifecycle& life)
{
    bring_to(life, state::connecting);
    require(life.abandon_connect());
}

TEST(lifecycle_connect, begins_with_its_callback_and_the_others_counted)
{
    for (const std::uint32_t others : {0U, 1U, 3U}) {
        lifecycle life;
        ASSERT_TRUE(life.begin_open());
        life.begin_connect(others);
        EXPECT_EQ(life.current(), state::connecting);
        EXPECT_EQ(life.operations(), 1U + others);
    }
}

// SRS_ASYNC_CONNECT_01_005
TEST(lifecycle_connect, that_succeeds_leaves_the_socket_open_with_all_still_counted)
{
    lifecycle life;
    bring_to(life, state::connecting);
    EXPECT_TRUE(life.complete_connect());
    EXPECT_EQ(life.current(), state::open);
    EXPECT_EQ(life.operations(), 1U);
    EXPECT_TRUE(life.begin_call());
}

// SRS_ASYNC_CONNECT_01_006
TEST(lifecycle_connect, that_fails_leaves_the_socket_as_it_was_created_with_its_callback_still_counted)
{
    lifecycle life;
    bring_to(life, state::connecting);
    EXPECT_TRUE(life.abandon_connect());
    EXPECT_EQ(life.current(), state::created);
    EXPECT_EQ(life.operations(), 1U);
}

// SRS_ASYNC_CONNECT_01_011
TEST(lifecycle_connect, neither_succeeds_nor_fails_once_it_is_being_closed)
{
    lifecycle life;
    bring_to(life, state::connecting);
    ASSERT_TRUE(begin_close(life, false));
    EXPECT_FALSE(life.complete_connect());
    EXPECT_FALSE(life.abandon_connect());
    EXPECT_EQ(life.current(), state::closing);
    EXPECT_EQ(life.operations(), 1U);
    EXPECT_FALSE(life.end_operation());
    EXPECT_FALSE(life.complete_close());
    EXPECT_FALSE(life.begin_open());
    EXPECT_TRUE(life.release_handle());
}

TEST(lifecycle_connect, ends_in_no_state_but_connecting)
{
    for (const state other : {state::created, state::opening, state::open, state::closing, state::closed}) {
        SCOPED_TRACE(name_of(other));
        lifecycle life;
        bring_to(life, other);
        EXPECT_FALSE(life.complete_connect());
        EXPECT_FALSE(life.abandon_connect());
        EXPECT_EQ(life.current(), other);
    }
}

// SRS_ASYNC_CONNECT_01_006
TEST(lifecycle_connect, may_begin_again_under_the_callback_of_the_one_that_failed)
{
    lifecycle life;
    bring_to_failed_connect(life);
    ASSERT_TRUE(life.begin_open());
    EXPECT_EQ(life.operations(), 1U);
    life.begin_connect(0);
    EXPECT_EQ(life.operations(), 2U);
    EXPECT_FALSE(life.end_operation()); // the first callback returns
    EXPECT_TRUE(life.complete_connect());
    EXPECT_EQ(life.operations(), 1U);
}

// SRS_ASYNC_CONNECT_01_006: also with a transport.
TEST(lifecycle_connect, that_failed_may_be_followed_by_an_open_in_its_callback)
{
    lifecycle life;
    bring_to_failed_connect(life);
    ASSERT_TRUE(life.begin_open());
    life.complete_open(1);
    EXPECT_EQ(life.current(), state::open);
    EXPECT_EQ(life.operations(), 3U);
}

TEST(lifecycle_connect, that_failed_takes_no_calls)
{
    lifecycle life;
    bring_to_failed_connect(life);
    EXPECT_FALSE(life.begin_call());
}

// SRS_ASYNC_CONNECT_01_011: whoever closes then must wait for the callback, which may connect again.
TEST(lifecycle_connect, that_failed_is_closed_until_its_callback_has_returned)
{
    for (const bool inside_own_callback : {false, true}) {
        lifecycle life;
        bring_to_failed_connect(life);
        EXPECT_EQ(begin_close(life, inside_own_callback), lifecycle::close_callbacks);
        EXPECT_EQ(life.current(), state::closing);
        EXPECT_FALSE(life.begin_open());
        EXPECT_FALSE(begin_close(life, false));
    }
    lifecycle life;
    bring_to_failed_connect(life);
    EXPECT_FALSE(life.end_operation());
    EXPECT_FALSE(begin_close(life, false));
    EXPECT_EQ(life.current(), state::created);
    EXPECT_TRUE(life.begin_open());
}

// SRS_ASYNC_CONNECT_01_011
TEST(lifecycle_connect, begun_again_is_waited_for_by_a_close_and_closed)
{
    lifecycle life;
    bring_to_failed_connect(life);
    ASSERT_TRUE(life.begin_open());
    probe probe;
    probe.when_waiting([&](const probe::condition& done) {
        EXPECT_FALSE(done.holds());
        life.begin_connect(0);
        EXPECT_TRUE(done.holds());
    });
    EXPECT_EQ(begin_close(life, false), lifecycle::close_connection);
    EXPECT_EQ(probe.waits(), 1);
    EXPECT_EQ(life.current(), state::closing);
    EXPECT_EQ(life.operations(), 2U);
    life.wait_for_calls();
    EXPECT_EQ(probe.waits(), 1) << "the close still counts as a call";
}

// The callback's connect is refused, it destroys the socket and returns: the close is the last.
TEST(lifecycle_connect, begun_again_in_vain_leaves_it_to_the_waiting_close_to_free)
{
    lifecycle life;
    bring_to_failed_connect(life);
    ASSERT_TRUE(life.begin_open());
    probe probe;
    probe.when_waiting([&](const probe::condition&) {
        life.abandon_open();
        EXPECT_FALSE(life.release_handle());
        EXPECT_FALSE(life.end_operation());
    });
    EXPECT_EQ(begin_close(life, false), lifecycle::close_callbacks);
    life.wait_for_calls();
    wait_for_operations(life, 0);
    EXPECT_TRUE(life.complete_close());
    EXPECT_EQ(probe.waits(), 1);
}

TEST(lifecycle_connect, begun_again_and_closed_by_another_is_left_to_that_one)
{
    lifecycle life;
    bring_to_failed_connect(life);
    ASSERT_TRUE(life.begin_open());
    probe probe;
    probe.when_waiting([&](const probe::condition&) {
        life.begin_connect(0);
        EXPECT_TRUE(begin_close(life, false));
    });
    EXPECT_FALSE(begin_close(life, false));
    life.wait_for_calls();
    EXPECT_EQ(probe.waits(), 1);
    EXPECT_FALSE(life.end_operation());
    EXPECT_FALSE(life.end_operation());
    EXPECT_FALSE(life.complete_close());
    EXPECT_TRUE(life.release_handle());
}

TEST(lifecycle_connect, while_opening_with_nothing_counted_a_close_returns_at_once)
{
    probe probe;
    lifecycle life;
    bring_to(life, state::opening);
    EXPECT_FALSE(begin_close(life, false));
    EXPECT_EQ(probe.waits(), 0);
    EXPECT_EQ(life.current(), state::opening);
}

// SRS_ASYNC_CONNECT_01_011
TEST(lifecycle_connect, under_way_or_failed_is_for_destroy_to_close)
{
    lifecycle life;
    bring_to(life, state::connecting);
    EXPECT_TRUE(wait_until_settled(life));
    require(life.abandon_connect());
    EXPECT_TRUE(wait_until_settled(life));
    require(!life.end_operation());
    EXPECT_FALSE(wait_until_settled(life));
}

// SRS_ASYNC_SOCKET_WIN32_01_005
TEST(lifecycle_connect, that_failed_leaves_the_memory_to_the_last_of_handle_and_callback)
{
    lifecycle callback_last;
    bring_to_failed_connect(callback_last);
    EXPECT_FALSE(callback_last.release_handle());
    EXPECT_TRUE(callback_last.end_operation());
    lifecycle handle_last;
    bring_to_failed_connect(handle_last);
    EXPECT_FALSE(handle_last.end_operation());
    EXPECT_TRUE(handle_last.release_handle());
}

// Every change tells those who wait, with the thread that waits really asleep.
TEST(lifecycle_connect, a_close_that_waits_is_woken)
{
    for (int round = 0; round < 100; ++round) {
        lifecycle life;
        bring_to_failed_connect(life);
        require(life.begin_open());
        event waiter_is_there;
        background closer("closer", [&] {
            waiter_is_there.set();
            EXPECT_TRUE(begin_close(life, false));
        });
        waiter_is_there.wait();
        for (int spin = 0; spin < (round % 10) * 5; ++spin) {
            std::this_thread::yield();
        }
        life.begin_connect(0);
        closer.finish();
        EXPECT_EQ(life.current(), state::closing);
    }
}

TEST(lifecycle_connect, tells_cooperative_threads_of_each_end)
{
    probe probe;
    const cooperative_thread::waiting waiting(probe);
    for (const bool succeeds : {false, true}) {
        lifecycle life;
        require(life.begin_open());
        int before = probe.looks();
        life.begin_connect(0);
        EXPECT_GT(probe.looks(), before);
        before = probe.looks();
        require(succeeds ? life.complete_connect() : life.abandon_connect());
        EXPECT_GT(probe.looks(), before);
    }
}

} // namespace

} // namespace async_socket::detail
