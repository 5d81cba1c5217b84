// SPDX-License-Identifier: MIT
//
// Closes that nobody waits for, and rings of closes, on a thread pool: what the pool is asked for, and that nothing is
// waited for that waits.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async_socket/async_socket.h"
#include "async_socket/async_socket_ex.h"
#include "support/both_modes.h"
#include "support/fixture.h"
#include "support/gate.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class close_async_test : public both_modes_test {
protected:
    static void on_closed(void* context) { static_cast<gate*>(context)->open(); }

    std::string room = std::string(4, '\0');
    std::string other_room = std::string(4, '\0');
};

// SRS_ASYNC_SOCKET_EX_01_040, SRS_ASYNC_SOCKET_EX_01_041
TEST_P(close_async_test, ends_everything_on_a_thread_of_the_pool)
{
    gate closed;
    open_socket opened;
    outcome pending;
    ASSERT_EQ(start_receive(opened.socket.get(), room, pending), 0);
    ASSERT_EQ(async_socket_close_async(opened.socket.get(), on_closed, &closed), 0);
    closed.wait();
    EXPECT_EQ(pending.count(), 1);
    EXPECT_EQ(pending.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(count_of(api::CloseThreadpoolIo), 1u);
}

// SRS_ASYNC_SOCKET_EX_01_040: with the one thread that the pool may have.
TEST_P(close_async_test, inside_a_callback_of_a_pool_with_one_thread)
{
    const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
    gate closed;
    open_socket opened(&one_thread);
    outcome pending;
    outcome closing([&] {
        EXPECT_EQ(async_socket_close_async(opened.socket.get(), on_closed, &closed), 0);
        EXPECT_EQ(pending.count(), 0);
    });
    ASSERT_EQ(start_receive(opened.socket.get(), room, closing), 0);
    ASSERT_EQ(start_receive(opened.socket.get(), other_room, pending), 0);
    opened.peer().send("x");
    closed.wait();
    EXPECT_EQ(closing.count(), 1);
    EXPECT_EQ(pending.count(), 1);
}

// SRS_ASYNC_SOCKET_EX_01_043
TEST_P(close_async_test, changes_nothing_where_the_system_refuses)
{
    gate closed;
    open_socket opened;
    fake_win32::fail_call(api::CreateThreadpoolTimer);
    EXPECT_NE(async_socket_close_async(opened.socket.get(), on_closed, &closed), 0);
    outcome receive;
    ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    opened.peer().send("x");
    EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_OK);
    ASSERT_EQ(async_socket_close_async(opened.socket.get(), on_closed, &closed), 0);
    closed.wait();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_020
TEST_P(close_async_test, a_ring_of_closes_returns)
{
    open_socket first;
    open_socket second;
    gate in_first;
    gate in_second;
    outcome closes_second([&] {
        in_first.open();
        in_second.wait();
        async_socket_close(second.socket.get());
    });
    outcome closes_first([&] {
        in_second.open();
        in_first.wait();
        async_socket_close(first.socket.get());
    });
    ASSERT_EQ(start_receive(first.socket.get(), room, closes_second), 0);
    ASSERT_EQ(start_receive(second.socket.get(), other_room, closes_first), 0);
    first.peer().send("x");
    second.peer().send("x");
    closes_second.wait();
    closes_first.wait();
    EXPECT_EQ(count_of(api::CloseThreadpoolIo), 2u);
}

IN_BOTH_MODES(close_async_test);

} // namespace
