// SPDX-License-Identifier: MIT
//
// Delays that are operations of a socket.

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "support/fixture.h"

namespace contract {
namespace {

class socket_delay : public with_socket {
protected:
    socket_delay_operation& start(std::uint32_t delay_ms)
    {
        socket_delay_operation& started = make<socket_delay_operation>();
        EXPECT_EQ(started.start(socket.get(), delay_ms), 0);
        return started;
    }
};

// SRS_ASYNC_SOCKET_EX_01_030
TEST_F(socket_delay, calls_back_with_ok_after_its_time_and_not_before)
{
    for (const std::uint32_t delay_ms : {0u, 1u, 30u}) {
        socket_delay_operation& waiting = start(delay_ms);
        ASSERT_TRUE(waiting.wait());
        EXPECT_EQ(waiting.status(), ASYNC_STATUS_OK);
        EXPECT_EQ(waiting.system_error(), 0);
        EXPECT_EQ(waiting.transferred(), 0u);
        EXPECT_GE(waiting.took(), std::chrono::milliseconds(delay_ms));
        EXPECT_FALSE(waiting.was_called_inline());
        EXPECT_NE(waiting.thread(), std::this_thread::get_id());
        EXPECT_NE(waiting.id(), 0u);
        EXPECT_EQ(waiting.id_in_callback(), waiting.id());
        EXPECT_EQ(waiting.calls(), 1u);
    }
}

// SRS_ASYNC_SOCKET_EX_01_031
TEST_F(socket_delay, has_called_back_when_close_returns)
{
    for (int round = 0; round != 200; ++round) {
        connection another = make_connection();
        const socket_owner closed = open_socket(engine.get(), another.local.get());
        socket_delay_operation& at_once = make<socket_delay_operation>();
        socket_delay_operation& for_good = make<socket_delay_operation>();
        ASSERT_EQ(at_once.start(closed.get(), 0), 0);
        ASSERT_EQ(for_good.start(closed.get(), ASYNC_NO_TIMEOUT), 0);
        async_socket_close(closed.get());
        ASSERT_EQ(at_once.calls(), 1u);
        ASSERT_EQ(for_good.calls(), 1u);
        EXPECT_EQ(for_good.status(), ASYNC_STATUS_CLOSED);
        EXPECT_TRUE(at_once.status() == ASYNC_STATUS_OK || at_once.status() == ASYNC_STATUS_CLOSED);
    }
}

// SRS_ASYNC_SOCKET_EX_01_031
TEST_F(socket_delay, is_cancelled_as_the_socket_s_other_operations_are)
{
    socket_delay_operation& cancelled = start(ASYNC_NO_TIMEOUT);
    socket_delay_operation& other = start(ASYNC_NO_TIMEOUT);
    EXPECT_EQ(async_socket_cancel(socket.get(), cancelled.id()), 0);
    ASSERT_TRUE(cancelled.wait());
    EXPECT_EQ(cancelled.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_FALSE(other.is_done());
    EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), other.id()), 0);
    EXPECT_EQ(other.calls(), 1u);
    EXPECT_EQ(other.status(), ASYNC_STATUS_CANCELLED);
    expect_works(socket.get(), link.peer.get());
}

// SRS_ASYNC_SOCKET_EX_01_030: it is of no account what else the socket has to do.
TEST_F(socket_delay, ends_beside_a_receive_and_a_send_that_wait)
{
    receive_ex_operation& receiving = start_receive_ex(socket.get(), 10);
    send_ex_operation& sending = start_blocked_send(socket.get());
    ASSERT_TRUE(start(5).wait());
    EXPECT_FALSE(receiving.is_done());
    EXPECT_FALSE(sending.is_done());
    async_socket_close(socket.get());
    EXPECT_TRUE(receiving.is_done());
    EXPECT_TRUE(sending.is_done());
}

// SRS_ASYNC_SOCKET_EX_01_032
TEST_F(socket_delay, refuses_bad_arguments_and_a_socket_that_is_not_open)
{
    const auto never = [](void*, const ASYNC_COMPLETION*) { ADD_FAILURE() << "it was refused"; };
    EXPECT_NE(async_socket_delay_async(nullptr, 0, nullptr, never, nullptr), 0);
    EXPECT_NE(async_socket_delay_async(socket.get(), 0, nullptr, nullptr, nullptr), 0);
    async_socket_close(socket.get());
    EXPECT_NE(async_socket_delay_async(socket.get(), 0, nullptr, never, nullptr), 0);
}

} // namespace
} // namespace contract
