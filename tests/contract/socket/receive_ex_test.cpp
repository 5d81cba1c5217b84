// SPDX-License-Identifier: MIT
//
// Receives that say how they went.

#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

using receive_ex = with_socket;

// SRS_ASYNC_SOCKET_EX_01_006, SRS_ASYNC_SOCKET_EX_01_009
TEST_F(receive_ex, ends_with_ok_and_what_has_arrived)
{
    receive_ex_operation& receiving = start_receive_ex(socket.get(), 1000);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(receiving.system_error(), 0);
    ASSERT_GE(receiving.transferred(), 1u);
    ASSERT_LE(receiving.transferred(), 10u);
    EXPECT_EQ(first_wrong_byte(receiving.memory(), receiving.transferred()), receiving.transferred());
    EXPECT_FALSE(receiving.was_called_inline());
    EXPECT_NE(receiving.thread(), std::this_thread::get_id());
}

// SRS_ASYNC_SOCKET_EX_01_006
TEST_F(receive_ex, into_several_buffers_fills_them_in_order)
{
    receive_ex_operation& receiving = make<receive_ex_operation>(100u, std::vector<std::size_t>{1, 49, 20, 30});
    ASSERT_TRUE(send_all(link.peer.get(), pattern(100)));
    std::size_t received = 0;
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASSERT_TRUE(receiving.wait());
    received += receiving.transferred();
    EXPECT_GE(received, 1u);
    EXPECT_EQ(first_wrong_byte(receiving.memory(), received), received);
}

// SRS_ASYNC_SOCKET_EX_01_006
TEST_F(receive_ex, is_in_one_order_with_plain_receives)
{
    constexpr std::size_t number = 400;
    std::vector<operation*> all;
    for (std::size_t i = 0; i != number; ++i) {
        if (i % 2 == 0) {
            all.push_back(&start_receive(socket.get(), 1));
        } else {
            all.push_back(&start_receive_ex(socket.get(), 1, i % 4 == 1 ? ASYNC_NO_TIMEOUT : 3'600'000));
        }
    }
    ASSERT_TRUE(send_all(link.peer.get(), pattern(number)));
    for (std::size_t i = 0; i != number; ++i) {
        ASSERT_TRUE(all[i]->wait());
        EXPECT_EQ(first_wrong_byte(all[i]->memory(), 1, i), 1u) << i;
    }
    async_socket_close(socket.get());
    for (const operation* const each : all) {
        EXPECT_EQ(each->calls(), 1u);
    }
}

// SRS_ASYNC_SOCKET_EX_01_008
TEST_F(receive_ex, has_a_name_of_its_own_that_its_callback_may_read)
{
    std::set<ASYNC_OPERATION_ID> names;
    for (std::size_t i = 0; i != 100; ++i) {
        receive_ex_operation& receiving = start_receive_ex(socket.get(), 1);
        send_ex_operation& sending = start_send_ex(socket.get(), pattern(1));
        ASSERT_TRUE(send_all(link.peer.get(), pattern(1)));
        ASSERT_TRUE(receiving.wait());
        ASSERT_TRUE(sending.wait());
        EXPECT_NE(receiving.id(), 0u);
        EXPECT_EQ(receiving.id_in_callback(), receiving.id());
        names.insert({receiving.id(), sending.id()});
    }
    EXPECT_EQ(names.size(), 200u);
}

// SRS_ASYNC_SOCKET_EX_01_009
TEST_F(receive_ex, at_the_end_of_the_stream_says_so_each_time)
{
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    socket_transport_disconnect(link.peer.get());
    std::size_t received = 0;
    while (received != 10) {
        receive_ex_operation& receiving = start_receive_ex(socket.get(), 10);
        ASSERT_TRUE(receiving.wait());
        ASSERT_EQ(receiving.status(), ASYNC_STATUS_OK);
        received += receiving.transferred();
    }
    for (int i = 0; i != 3; ++i) {
        receive_ex_operation& receiving = start_receive_ex(socket.get(), 10);
        ASSERT_TRUE(receiving.wait());
        EXPECT_EQ(receiving.status(), ASYNC_STATUS_END_OF_STREAM);
        EXPECT_EQ(receiving.transferred(), 0u);
        EXPECT_EQ(receiving.system_error(), 0);
    }
}

// SRS_ASYNC_SOCKET_EX_01_009
TEST_F(with_engine, receive_ex_that_a_reset_by_the_peer_ends_says_so)
{
    const listener server;
    raw_peer peer(server.port());
    const transport_owner local = server.accept();
    const socket_owner socket = open_socket(engine.get(), local.get());
    receive_ex_operation& first = start_receive_ex(socket.get(), 10);
    receive_ex_operation& second = start_receive_ex(socket.get(), 10);
    peer.reset();
    ASSERT_TRUE(first.wait());
    EXPECT_EQ(first.status(), ASYNC_STATUS_RESET);
    EXPECT_NE(first.system_error(), 0);
    EXPECT_EQ(first.transferred(), 0u);
    // The system tells a reset once; what it says afterwards differs.
    ASSERT_TRUE(second.wait());
    EXPECT_NE(second.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(second.transferred(), 0u);
}

// SRS_ASYNC_SOCKET_EX_01_009
TEST_F(receive_ex, that_the_own_close_ends_says_so)
{
    std::vector<receive_ex_operation*> all;
    for (int i = 0; i != 10; ++i) {
        all.push_back(&start_receive_ex(socket.get(), 10, i % 2 == 0 ? ASYNC_NO_TIMEOUT : 3'600'000));
    }
    async_socket_close(socket.get());
    for (receive_ex_operation* const each : all) {
        ASSERT_TRUE(each->is_done());
        EXPECT_EQ(each->status(), ASYNC_STATUS_CLOSED);
        EXPECT_EQ(each->transferred(), 0u);
        EXPECT_EQ(each->calls(), 1u);
    }
}

// SRS_ASYNC_SOCKET_EX_01_009
TEST_F(receive_ex, that_is_ended_by_a_destroy_in_another_callback_says_so)
{
    receive_ex_operation& receiving = make<receive_ex_operation>(10u);
    receive_ex_operation& other = make<receive_ex_operation>(10u);
    receiving.in_callback = [&] {
        EXPECT_EQ(other.start(socket.get()), 0);
        socket.reset();
        EXPECT_TRUE(other.is_done());
    };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_OK);
    // All 10 bytes need not have come at once.
    EXPECT_TRUE(other.status() == ASYNC_STATUS_CLOSED || other.status() == ASYNC_STATUS_OK);
}

// SRS_ASYNC_SOCKET_EX_01_010
TEST_F(receive_ex, on_a_socket_that_is_not_open_is_refused_and_never_calls_back)
{
    const socket_owner fresh(async_socket_create(engine.get()));
    receive_ex_operation& early = make<receive_ex_operation>(10u);
    EXPECT_NE(early.start(fresh.get()), 0);
    async_socket_close(socket.get());
    receive_ex_operation& late = make<receive_ex_operation>(10u);
    EXPECT_NE(late.start(socket.get()), 0);
    socket.reset();
    EXPECT_EQ(early.calls(), 0u);
    EXPECT_EQ(late.calls(), 0u);
}

} // namespace
} // namespace contract
