// SPDX-License-Identifier: MIT
//
// The last one to leave frees the socket: exactly one is told to, whatever the order.

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "common/lifecycle/lifecycle.hpp"
#include "support/closing.h"
#include "support/states.h"

namespace async_socket::detail {

namespace {

// One letter an event: the handle is given back, the close completes, a callback returns.
bool happen(lifecycle& life, char event)
{
    switch (event) {
    case 'h':
        return life.release_handle();
    case 'c':
        return life.complete_close();
    case 'o':
        return life.end_operation();
    default:
        ADD_FAILURE() << "no such event: " << event;
        return false;
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_005, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST(lifecycle_last, the_last_of_handle_close_and_callbacks_is_told_to_free_in_every_order)
{
    for (const bool inside_own_callback : {false, true}) {
        int orders = 0;
        std::string events = "chooo";
        do {
            SCOPED_TRACE(events);
            lifecycle life;
            bring_to_open_with(life, 3);
            ASSERT_TRUE(begin_close(life, inside_own_callback));
            for (std::size_t i = 0; i < events.size(); ++i) {
                EXPECT_EQ(happen(life, events[i]), i + 1 == events.size()) << "event " << i;
            }
            ++orders;
        } while (std::next_permutation(events.begin(), events.end()));
        EXPECT_EQ(orders, 20);
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_005
TEST(lifecycle_last, a_socket_that_was_never_opened_is_for_destroy_to_free)
{
    lifecycle life;
    EXPECT_TRUE(life.release_handle());
}

// SRS_ASYNC_SOCKET_WIN32_01_005, SRS_ASYNC_SOCKET_WIN32_01_039
TEST(lifecycle_last, a_socket_whose_open_failed_is_for_destroy_to_free)
{
    lifecycle life;
    ASSERT_TRUE(life.begin_open());
    life.abandon_open();
    EXPECT_TRUE(life.release_handle());
}

TEST(lifecycle_last, nobody_is_told_to_free_while_the_handle_is_held)
{
    lifecycle life;
    bring_to_open_with(life, 2);
    EXPECT_FALSE(life.end_operation());
    ASSERT_TRUE(begin_close(life, true));
    EXPECT_FALSE(life.complete_close());
    EXPECT_FALSE(life.end_operation());
}

TEST(lifecycle_last, nobody_is_told_to_free_before_the_socket_has_settled)
{
    for (const lifecycle::state unsettled :
         {lifecycle::state::opening, lifecycle::state::open, lifecycle::state::closing}) {
        SCOPED_TRACE(name_of(unsettled));
        lifecycle life;
        bring_to(life, unsettled);
        EXPECT_FALSE(life.release_handle());
        if (life.operations() != 0) {
            EXPECT_FALSE(life.end_operation());
        }
    }
}

TEST(lifecycle_last, nobody_is_told_to_free_while_a_call_is_inside)
{
    lifecycle life;
    bring_to_open_with(life, 0);
    ASSERT_TRUE(life.begin_call());
    EXPECT_FALSE(life.end_operation());
    ASSERT_TRUE(begin_close(life, false));
    EXPECT_FALSE(life.complete_close());
    EXPECT_FALSE(life.release_handle());
}

} // namespace

} // namespace async_socket::detail
