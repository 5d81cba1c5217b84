// SPDX-License-Identifier: MIT
//
// async_socket_cancel: what it ends, what it leaves alone, and that nothing is lost by it.

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/cut_stream.h"
#include "support/fixture.h"

namespace contract {
namespace {

using cancel = with_socket;

// SRS_ASYNC_SOCKET_EX_01_011
TEST_F(cancel, ends_a_receive_and_leaves_the_data_to_the_next)
{
    receive_ex_operation& receiving = start_receive_ex(socket.get(), 10);
    EXPECT_EQ(async_socket_cancel(socket.get(), receiving.id()), 0);
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_EQ(receiving.transferred(), 0u);
    EXPECT_FALSE(receiving.was_called_inline());
    expect_works(socket.get(), link.peer.get());
    EXPECT_EQ(receiving.calls(), 1u);
}

// SRS_ASYNC_SOCKET_EX_01_011
TEST_F(cancel, of_a_receive_among_others_ends_that_one_alone)
{
    for (const std::size_t cancelled : {0u, 1u, 2u}) {
        std::vector<receive_ex_operation*> all;
        for (int i = 0; i != 3; ++i) {
            all.push_back(&start_receive_ex(socket.get(), 1));
        }
        EXPECT_EQ(async_socket_cancel(socket.get(), all[cancelled]->id()), 0);
        ASSERT_TRUE(all[cancelled]->wait());
        EXPECT_EQ(all[cancelled]->status(), ASYNC_STATUS_CANCELLED);
        ASSERT_TRUE(send_all(link.peer.get(), pattern(2)));
        std::size_t position = 0;
        for (std::size_t i = 0; i != 3; ++i) {
            if (i != cancelled) {
                ASSERT_TRUE(all[i]->wait());
                EXPECT_EQ(all[i]->status(), ASYNC_STATUS_OK);
                EXPECT_EQ(first_wrong_byte(all[i]->memory(), 1, position++), 1u);
            }
        }
    }
}

// SRS_ASYNC_SOCKET_EX_01_011
TEST_F(cancel, ends_a_send_that_is_under_way_and_the_next_goes_on_behind_it)
{
    send_ex_operation& blocked = start_blocked_send(socket.get());
    send_ex_operation& behind = start_send_ex(socket.get(), pattern(1000, 77));
    EXPECT_EQ(async_socket_cancel(socket.get(), blocked.id()), 0);
    ASSERT_TRUE(blocked.wait());
    EXPECT_EQ(blocked.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_LT(blocked.transferred(), blocked.size());
    std::thread closer([&] {
        EXPECT_TRUE(behind.wait());
        async_socket_close(socket.get());
    });
    const rest_of_stream rest = receive_to_end(link.peer.get());
    closer.join();
    EXPECT_EQ(behind.status(), ASYNC_STATUS_OK);
    expect_cut(rest.data, blocked.transferred(), pattern(1000, 77));
}

// SRS_ASYNC_SOCKET_EX_01_011
TEST_F(cancel, ends_a_send_in_the_queue_with_nothing_sent)
{
    send_ex_operation& blocked = start_blocked_send(socket.get());
    send_ex_operation& queued = start_send_ex(socket.get(), pattern(1000, 5));
    send_operation& last = start_send(socket.get(), pattern(1000, blocked.size()));
    EXPECT_EQ(async_socket_cancel(socket.get(), queued.id()), 0);
    ASSERT_TRUE(queued.wait());
    EXPECT_EQ(queued.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_EQ(queued.transferred(), 0u);
    EXPECT_FALSE(blocked.is_done());
    EXPECT_EQ(receive_exactly(link.peer.get(), blocked.size() + 1000), pattern(blocked.size() + 1000));
    ASSERT_TRUE(last.wait());
    EXPECT_EQ(last.result(), ASYNC_SOCKET_SEND_OK);
}

// SRS_ASYNC_SOCKET_EX_01_011, SRS_ASYNC_SOCKET_EX_01_012
TEST_F(cancel, twice_calls_back_once)
{
    receive_ex_operation& receiving = start_receive_ex(socket.get(), 10, 3'600'000);
    for (int i = 0; i != 3; ++i) {
        EXPECT_EQ(async_socket_cancel(socket.get(), receiving.id()), 0);
    }
    ASSERT_TRUE(receiving.wait());
    expect_works(socket.get(), link.peer.get());
    EXPECT_EQ(receiving.calls(), 1u);
}

// SRS_ASYNC_SOCKET_EX_01_012
TEST_F(cancel, leaves_alone_what_has_ended_or_never_was)
{
    receive_ex_operation& ended = start_receive_ex(socket.get(), 1);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(1)));
    ASSERT_TRUE(ended.wait());
    receive_ex_operation& pending = start_receive_ex(socket.get(), 10);
    for (const ASYNC_OPERATION_ID id : {ended.id(), ASYNC_OPERATION_ID{1}, ASYNC_OPERATION_ID{UINT64_MAX}}) {
        EXPECT_EQ(async_socket_cancel(socket.get(), id), 0);
        EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), id), 0);
    }
    EXPECT_FALSE(pending.is_done());
    EXPECT_EQ(ended.calls(), 1u);
}

// SRS_ASYNC_SOCKET_EX_01_012
TEST_F(cancel, leaves_alone_what_is_another_sockets)
{
    const connection other_link = make_connection();
    const socket_owner other = open_socket(engine.get(), other_link.local.get());
    receive_ex_operation& pending = start_receive_ex(other.get(), 1);
    EXPECT_EQ(async_socket_cancel(socket.get(), pending.id()), 0);
    EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), pending.id()), 0);
    EXPECT_FALSE(pending.is_done());
    ASSERT_TRUE(send_all(other_link.peer.get(), pattern(1)));
    ASSERT_TRUE(pending.wait());
    EXPECT_EQ(pending.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_SOCKET_EX_01_012, SRS_ASYNC_SOCKET_EX_01_014
TEST_F(cancel, in_the_operations_own_callback_does_nothing)
{
    receive_ex_operation& receiving = make<receive_ex_operation>(1u);
    receiving.in_callback = [&] {
        EXPECT_EQ(async_socket_cancel(socket.get(), receiving.id()), 0);
        EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), receiving.id()), 0);
    };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(1)));
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(receiving.calls(), 1u);
}

// SRS_ASYNC_SOCKET_EX_01_011
TEST_F(cancel, in_the_callback_of_another_operation_is_never_inline)
{
    receive_ex_operation& pending = start_receive_ex(socket.get(), 1);
    send_ex_operation& sending = make<send_ex_operation>(pattern(1));
    unsigned calls_inside = 1;
    sending.in_callback = [&] {
        EXPECT_EQ(async_socket_cancel(socket.get(), pending.id()), 0);
        calls_inside = sending.thread() == pending.thread() ? pending.calls() : 0;
    };
    ASSERT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_TRUE(sending.wait());
    ASSERT_TRUE(pending.wait());
    EXPECT_EQ(pending.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_EQ(calls_inside, 0u);
}

// SRS_ASYNC_SOCKET_EX_01_013
TEST_F(cancel, of_a_socket_that_is_not_open_is_refused)
{
    const socket_owner fresh(async_socket_create(engine.get()));
    EXPECT_NE(async_socket_cancel(fresh.get(), 1), 0);
    receive_ex_operation& receiving = start_receive_ex(socket.get(), 1);
    async_socket_close(socket.get());
    EXPECT_NE(async_socket_cancel(socket.get(), receiving.id()), 0);
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_CLOSED);
}

// SRS_ASYNC_SOCKET_EX_01_011: exactly one end, and no byte lost, whichever comes first.
TEST_F(cancel, that_races_the_data_loses_no_byte)
{
    constexpr std::size_t rounds = 400;
    constexpr std::size_t length = 4;
    std::size_t received = 0;
    std::size_t cancelled = 0;
    for (std::size_t round = 0; round != rounds; ++round) {
        receive_ex_operation first(length);
        ASSERT_EQ(first.start(socket.get()), 0);
        std::thread peer([&] {
            for (std::size_t spin = 0; spin != round % 20; ++spin) {
                std::this_thread::yield();
            }
            EXPECT_TRUE(send_all(link.peer.get(), pattern(length, round * length)));
        });
        for (std::size_t spin = 0; spin != round % 7 * 5; ++spin) {
            std::this_thread::yield();
        }
        EXPECT_EQ(async_socket_cancel(socket.get(), first.id()), 0);
        ASSERT_TRUE(first.wait());
        ASSERT_TRUE(first.status() == ASYNC_STATUS_OK || first.status() == ASYNC_STATUS_CANCELLED) << first.status();
        ASSERT_EQ(first.status() == ASYNC_STATUS_OK, first.transferred() != 0);
        cancelled += first.status() == ASYNC_STATUS_CANCELLED ? 1 : 0;
        EXPECT_EQ(first_wrong_byte(first.memory(), first.transferred(), received), first.transferred());
        received += first.transferred();
        while (received != (round + 1) * length) {
            receive_ex_operation next(length);
            ASSERT_EQ(next.start(socket.get()), 0);
            ASSERT_TRUE(next.wait());
            ASSERT_EQ(next.status(), ASYNC_STATUS_OK);
            EXPECT_EQ(first_wrong_byte(next.memory(), next.transferred(), received), next.transferred());
            received += next.transferred();
        }
        peer.join();
        EXPECT_EQ(first.calls(), 1u);
        // Not before the cancel has found nothing any more may the operation go.
        EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), first.id()), 0);
    }
    EXPECT_GT(cancelled, 0u);
}

// SRS_ASYNC_SOCKET_EX_01_011: what a cancelled send tells has left is what arrives.
TEST_F(cancel, that_races_the_reader_tells_what_has_left)
{
    if (!expected::cut_sends_tell_all_that_left) {
        GTEST_SKIP() << "the system does not tell it";
    }
    constexpr std::size_t length = 1024 * 1024;
    rest_of_stream received;
    std::thread reader([&] { received = receive_to_end(link.peer.get()); });
    bytes sent;
    for (std::size_t i = 0; i != 60; ++i) {
        send_ex_operation sending(pattern(length, i * length));
        ASSERT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
        for (std::size_t spin = 0; spin != i % 10; ++spin) {
            std::this_thread::yield();
        }
        EXPECT_EQ(async_socket_cancel(socket.get(), sending.id()), 0);
        ASSERT_TRUE(sending.wait());
        ASSERT_TRUE(sending.status() == ASYNC_STATUS_OK || sending.status() == ASYNC_STATUS_CANCELLED);
        ASSERT_EQ(sending.status() == ASYNC_STATUS_OK, sending.transferred() == length);
        const bytes left = pattern(sending.transferred(), i * length);
        sent.insert(sent.end(), left.begin(), left.end());
        EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), sending.id()), 0);
        EXPECT_EQ(sending.calls(), 1u);
    }
    async_socket_close(socket.get());
    reader.join();
    EXPECT_TRUE(received.data == sent) << received.data.size() << " of " << sent.size() << " bytes";
}

} // namespace
} // namespace contract
