// SPDX-License-Identifier: MIT
//
// Sends that say how they went.

#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"

namespace contract {
namespace {

using send_ex = with_socket;

// SRS_ASYNC_SOCKET_EX_01_001, SRS_ASYNC_SOCKET_EX_01_004
TEST_F(send_ex, ends_with_ok_and_all_its_bytes)
{
    send_ex_operation& sending = start_send_ex(socket.get(), pattern(1000));
    EXPECT_EQ(receive_exactly(link.peer.get(), 1000), pattern(1000));
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(sending.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(sending.transferred(), 1000u);
    EXPECT_EQ(sending.system_error(), 0);
    EXPECT_FALSE(sending.was_called_inline());
    EXPECT_NE(sending.thread(), std::this_thread::get_id());
}

// SRS_ASYNC_SOCKET_EX_01_001, SRS_ASYNC_SOCKET_EX_01_004: no short sends.
TEST_F(send_ex, larger_than_the_systems_buffers_is_sent_whole)
{
    send_ex_operation& sending = start_blocked_send(socket.get());
    EXPECT_EQ(receive_exactly(link.peer.get(), sending.size()), pattern(sending.size()));
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(sending.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(sending.transferred(), sending.size());
}

// SRS_ASYNC_SOCKET_EX_01_001
TEST_F(send_ex, of_several_buffers_sends_them_in_order)
{
    send_ex_operation& sending = make<send_ex_operation>(pattern(100), std::vector<std::size_t>{1, 49, 20, 30});
    ASSERT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(receive_exactly(link.peer.get(), 100), pattern(100));
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(sending.transferred(), 100u);
}

// SRS_ASYNC_SOCKET_EX_01_001: one order of both kinds, and each of them calls back once.
TEST_F(send_ex, is_in_one_order_with_plain_sends)
{
    constexpr std::size_t length = 300;
    constexpr std::size_t number = 500;
    std::vector<operation*> all;
    for (std::size_t i = 0; i != number; ++i) {
        bytes data = pattern(length, i * length);
        if (i % 2 == 0) {
            all.push_back(&start_send(socket.get(), std::move(data)));
        } else {
            all.push_back(&start_send_ex(socket.get(), std::move(data), i % 4 == 1 ? ASYNC_NO_TIMEOUT : 3'600'000));
        }
    }
    EXPECT_EQ(receive_exactly(link.peer.get(), length * number), pattern(length * number));
    for (operation* const each : all) {
        ASSERT_TRUE(each->wait());
    }
    async_socket_close(socket.get());
    for (const operation* const each : all) {
        EXPECT_EQ(each->calls(), 1u);
    }
}

// SRS_ASYNC_SOCKET_EX_01_003
TEST_F(send_ex, has_a_name_of_its_own_that_its_callback_may_read)
{
    std::set<ASYNC_OPERATION_ID> names;
    for (std::size_t i = 0; i != 100; ++i) {
        send_ex_operation& sending = start_send_ex(socket.get(), pattern(10));
        ASSERT_TRUE(sending.wait());
        EXPECT_NE(sending.id(), 0u);
        EXPECT_EQ(sending.id_in_callback(), sending.id());
        names.insert(sending.id());
    }
    EXPECT_EQ(names.size(), 100u);
}

// SRS_ASYNC_SOCKET_EX_01_003, SRS_ASYNC_SOCKET_EX_01_008
TEST_F(send_ex, and_receive_ex_need_no_name)
{
    counter called;
    const auto on_complete = [](void* context, const ASYNC_COMPLETION* completion) {
        EXPECT_EQ(completion->status, ASYNC_STATUS_OK);
        static_cast<counter*>(context)->add();
    };
    bytes memory = pattern(10);
    bytes received(10);
    ASYNC_SOCKET_BUFFER to_send{memory.data(), 10};
    ASYNC_SOCKET_BUFFER to_receive{received.data(), 10};
    ASSERT_EQ(async_socket_receive_ex_async(socket.get(), &to_receive, 1, 60'000, nullptr, on_complete, &called), 0);
    ASSERT_EQ(async_socket_send_ex_async(socket.get(), &to_send, 1, 60'000, nullptr, on_complete, &called),
              ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_TRUE(send_all(link.peer.get(), memory));
    EXPECT_TRUE(called.wait_for(2));
    async_socket_close(socket.get());
}

// SRS_ASYNC_SOCKET_EX_01_004
TEST_F(send_ex, that_the_own_close_ends_says_so)
{
    send_ex_operation& blocked = start_blocked_send(socket.get());
    send_ex_operation& queued = start_send_ex(socket.get(), pattern(10));
    async_socket_close(socket.get());
    ASSERT_TRUE(blocked.is_done());
    ASSERT_TRUE(queued.is_done());
    EXPECT_EQ(blocked.status(), ASYNC_STATUS_CLOSED);
    EXPECT_LT(blocked.transferred(), blocked.size());
    EXPECT_EQ(queued.status(), ASYNC_STATUS_CLOSED);
    EXPECT_EQ(queued.transferred(), 0u);
}

// SRS_ASYNC_SOCKET_EX_01_004
TEST_F(send_ex, that_the_own_destroy_ends_says_so)
{
    send_ex_operation& blocked = start_blocked_send(socket.get());
    socket.reset();
    ASSERT_TRUE(blocked.is_done());
    EXPECT_EQ(blocked.status(), ASYNC_STATUS_CLOSED);
}

// SRS_ASYNC_SOCKET_EX_01_004
TEST_F(with_engine, send_ex_that_a_reset_by_the_peer_ends_says_so)
{
    unaccepted_connection link;
    const socket_owner socket = open_socket(engine.get(), link.local());
    send_ex_operation& blocked = start_blocked_send(socket.get());
    send_ex_operation& queued = start_send_ex(socket.get(), pattern(10));
    link.reset();
    ASSERT_TRUE(blocked.wait());
    ASSERT_TRUE(queued.wait());
    EXPECT_EQ(blocked.status(), ASYNC_STATUS_RESET);
    EXPECT_NE(blocked.system_error(), 0);
    EXPECT_LT(blocked.transferred(), blocked.size());
    EXPECT_EQ(queued.status(), ASYNC_STATUS_RESET);
    EXPECT_EQ(queued.transferred(), 0u);
}

// SRS_ASYNC_SOCKET_EX_01_004, SRS_ASYNC_SOCKET_EX_01_001
TEST_F(send_ex, may_be_started_and_the_socket_closed_in_its_callback)
{
    send_ex_operation& second = make<send_ex_operation>(pattern(10, 10));
    send_ex_operation& first = make<send_ex_operation>(pattern(10));
    first.in_callback = [&] { EXPECT_EQ(second.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK); };
    second.in_callback = [&] { async_socket_close(socket.get()); };
    ASSERT_EQ(first.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_TRUE(second.wait());
    EXPECT_FALSE(second.was_called_inline());
    const rest_of_stream rest = receive_to_end(link.peer.get());
    EXPECT_EQ(rest.data, pattern(20));
    EXPECT_TRUE(rest.ended_in_order);
}

// SRS_ASYNC_SOCKET_EX_01_005
TEST_F(send_ex, on_a_socket_that_is_not_open_is_refused_and_never_calls_back)
{
    const socket_owner fresh(async_socket_create(engine.get()));
    send_ex_operation& early = make<send_ex_operation>(pattern(10));
    EXPECT_EQ(early.start(fresh.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    async_socket_close(socket.get());
    send_ex_operation& late = make<send_ex_operation>(pattern(10));
    EXPECT_EQ(late.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    socket.reset();
    EXPECT_EQ(early.calls(), 0u);
    EXPECT_EQ(late.calls(), 0u);
}

} // namespace
} // namespace contract
