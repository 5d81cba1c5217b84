// SPDX-License-Identifier: MIT
//
// async_socket_shutdown_send_async: the peer receives everything and then the end, and may go on sending.

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"

namespace contract {
namespace {

using half_close = with_socket;

// SRS_ASYNC_SOCKET_EX_01_016
TEST_F(half_close, shows_the_peer_the_end_and_leaves_the_other_direction_open)
{
    shutdown_operation& shutdown = make<shutdown_operation>();
    ASSERT_EQ(shutdown.start(socket.get()), 0);
    ASSERT_TRUE(shutdown.wait());
    EXPECT_EQ(shutdown.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(shutdown.transferred(), 0u);
    EXPECT_FALSE(shutdown.was_called_inline());
    EXPECT_NE(shutdown.thread(), std::this_thread::get_id());
    const rest_of_stream rest = receive_to_end(link.peer.get());
    EXPECT_TRUE(rest.ended_in_order);
    EXPECT_TRUE(rest.data.empty());
    receive_ex_operation& receiving = start_receive_ex(socket.get(), 1);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(1)));
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_SOCKET_EX_01_016
TEST_F(half_close, comes_after_all_sends_that_were_accepted_before)
{
    send_ex_operation& blocked = start_blocked_send(socket.get());
    send_operation& queued = start_send(socket.get(), pattern(1000, blocked.size()));
    shutdown_operation& shutdown = make<shutdown_operation>();
    ASSERT_EQ(shutdown.start(socket.get()), 0);
    EXPECT_FALSE(shutdown.is_done());
    const rest_of_stream rest = receive_to_end(link.peer.get());
    EXPECT_TRUE(rest.ended_in_order);
    EXPECT_EQ(rest.data, pattern(blocked.size() + 1000));
    ASSERT_TRUE(shutdown.wait());
    EXPECT_EQ(shutdown.status(), ASYNC_STATUS_OK);
    ASSERT_TRUE(blocked.is_done());
    ASSERT_TRUE(queued.wait());
    EXPECT_EQ(queued.result(), ASYNC_SOCKET_SEND_OK);
}

// SRS_ASYNC_SOCKET_EX_01_016: a send that is cancelled before its turn does not hold it up.
TEST_F(half_close, comes_after_sends_that_are_cut)
{
    send_ex_operation& blocked = start_blocked_send(socket.get());
    shutdown_operation& shutdown = make<shutdown_operation>();
    ASSERT_EQ(shutdown.start(socket.get()), 0);
    EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), blocked.id()), 0);
    EXPECT_EQ(blocked.status(), ASYNC_STATUS_CANCELLED);
    ASSERT_TRUE(shutdown.wait());
    EXPECT_EQ(shutdown.status(), ASYNC_STATUS_OK);
    const rest_of_stream rest = receive_to_end(link.peer.get());
    EXPECT_TRUE(rest.ended_in_order);
    EXPECT_GE(rest.data.size(), blocked.transferred());
    EXPECT_EQ(first_wrong_byte(rest.data.data(), rest.data.size()), rest.data.size());
}

// SRS_ASYNC_SOCKET_EX_01_017
TEST_F(half_close, refuses_sends_from_then_on)
{
    send_ex_operation& blocked = start_blocked_send(socket.get());
    shutdown_operation& shutdown = make<shutdown_operation>();
    ASSERT_EQ(shutdown.start(socket.get()), 0);
    send_ex_operation& late = make<send_ex_operation>(pattern(1));
    EXPECT_EQ(late.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_EQ(new_send(pattern(1)).start(socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_EQ(receive_to_end(link.peer.get()).data.size(), blocked.size());
    ASSERT_TRUE(shutdown.wait());
    EXPECT_EQ(late.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_EQ(late.calls(), 0u);
}

// SRS_ASYNC_SOCKET_EX_01_018
TEST_F(half_close, a_second_time_is_refused)
{
    shutdown_operation& first = make<shutdown_operation>();
    shutdown_operation& second = make<shutdown_operation>();
    ASSERT_EQ(first.start(socket.get()), 0);
    EXPECT_NE(second.start(socket.get()), 0);
    ASSERT_TRUE(first.wait());
    EXPECT_NE(second.start(socket.get()), 0);
    async_socket_close(socket.get());
    EXPECT_EQ(first.calls(), 1u);
    EXPECT_EQ(second.calls(), 0u);
}

// SRS_ASYNC_SOCKET_EX_01_018
TEST_F(half_close, of_a_socket_that_is_not_open_is_refused)
{
    const socket_owner fresh(async_socket_create(engine.get()));
    shutdown_operation& early = make<shutdown_operation>();
    EXPECT_NE(early.start(fresh.get()), 0);
    async_socket_close(socket.get());
    shutdown_operation& late = make<shutdown_operation>();
    EXPECT_NE(late.start(socket.get()), 0);
    EXPECT_EQ(early.calls() + late.calls(), 0u);
}

// SRS_ASYNC_SOCKET_EX_01_016
TEST_F(half_close, that_the_own_close_overtakes_says_so)
{
    start_blocked_send(socket.get());
    shutdown_operation& shutdown = make<shutdown_operation>();
    ASSERT_EQ(shutdown.start(socket.get()), 0);
    async_socket_close(socket.get());
    ASSERT_TRUE(shutdown.is_done());
    EXPECT_EQ(shutdown.status(), ASYNC_STATUS_CLOSED);
    EXPECT_EQ(shutdown.calls(), 1u);
}

// SRS_ASYNC_SOCKET_EX_01_016
TEST_F(with_engine, half_close_that_a_reset_by_the_peer_overtakes_says_so)
{
    unaccepted_connection link;
    const socket_owner socket = open_socket(engine.get(), link.local());
    start_blocked_send(socket.get());
    shutdown_operation& shutdown = make<shutdown_operation>();
    ASSERT_EQ(shutdown.start(socket.get()), 0);
    link.reset();
    ASSERT_TRUE(shutdown.wait());
    EXPECT_EQ(shutdown.status(), ASYNC_STATUS_RESET);
}

// SRS_ASYNC_SOCKET_EX_01_016: both ends close their halves, as HTTP/1.0 does.
TEST_F(half_close, of_both_ends_ends_the_conversation_in_order)
{
    const socket_owner other = open_socket(engine.get(), link.peer.get());
    start_send_ex(socket.get(), pattern(100));
    shutdown_operation& request_ends = make<shutdown_operation>();
    ASSERT_EQ(request_ends.start(socket.get()), 0);
    std::size_t received = 0;
    for (;;) {
        receive_ex_operation& receiving = start_receive_ex(other.get(), 1000);
        ASSERT_TRUE(receiving.wait());
        if (receiving.status() != ASYNC_STATUS_OK) {
            EXPECT_EQ(receiving.status(), ASYNC_STATUS_END_OF_STREAM);
            break;
        }
        received += receiving.transferred();
    }
    EXPECT_EQ(received, 100u);
    start_send_ex(other.get(), pattern(10));
    shutdown_operation& answer_ends = make<shutdown_operation>();
    ASSERT_EQ(answer_ends.start(other.get()), 0);
    received = 0;
    for (;;) {
        receive_ex_operation& receiving = start_receive_ex(socket.get(), 1000);
        ASSERT_TRUE(receiving.wait());
        if (receiving.status() != ASYNC_STATUS_OK) {
            EXPECT_EQ(receiving.status(), ASYNC_STATUS_END_OF_STREAM);
            break;
        }
        received += receiving.transferred();
    }
    EXPECT_EQ(received, 10u);
    ASSERT_TRUE(answer_ends.wait());
}

// SRS_ASYNC_SOCKET_EX_01_016, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(half_close, may_be_followed_by_a_close_in_its_callback)
{
    shutdown_operation& shutdown = make<shutdown_operation>();
    shutdown.in_callback = [&] { socket.reset(); };
    start_send_ex(socket.get(), pattern(100));
    ASSERT_EQ(shutdown.start(socket.get()), 0);
    ASSERT_TRUE(shutdown.wait());
    EXPECT_EQ(receive_to_end(link.peer.get()).data, pattern(100));
}

} // namespace
} // namespace contract
