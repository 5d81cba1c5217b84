// SPDX-License-Identifier: MIT
//
// Sends and receives whose own time is over.

#include <chrono>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "expected_results.h"
#include "support/cut_stream.h"
#include "support/fixture.h"

namespace contract {
namespace {

using namespace std::chrono_literals;

using deadline = with_socket;

// SRS_ASYNC_SOCKET_EX_01_007
TEST_F(deadline, ends_a_receive_to_which_nothing_comes)
{
    receive_ex_operation& receiving = start_receive_ex(socket.get(), 10, 50);
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(receiving.transferred(), 0u);
    EXPECT_GE(receiving.took(), 50ms);
    EXPECT_FALSE(receiving.was_called_inline());
    expect_works(socket.get(), link.peer.get());
    EXPECT_EQ(receiving.calls(), 1u);
}

// SRS_ASYNC_SOCKET_EX_01_007: nothing lost, and the order of the others kept.
TEST_F(deadline, of_a_receive_among_others_ends_that_one_alone)
{
    receive_ex_operation& first = start_receive_ex(socket.get(), 1);
    receive_ex_operation& second = start_receive_ex(socket.get(), 1, 30);
    receive_operation& third = start_receive(socket.get(), 1);
    receive_ex_operation& fourth = start_receive_ex(socket.get(), 1, 3'600'000);
    ASSERT_TRUE(second.wait());
    EXPECT_EQ(second.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_FALSE(first.is_done());
    ASSERT_TRUE(send_all(link.peer.get(), pattern(3)));
    ASSERT_TRUE(fourth.wait());
    ASSERT_TRUE(first.wait());
    ASSERT_TRUE(third.wait());
    EXPECT_EQ(first_wrong_byte(first.memory(), 1, 0), 1u);
    EXPECT_EQ(first_wrong_byte(third.memory(), 1, 1), 1u);
    EXPECT_EQ(first_wrong_byte(fourth.memory(), 1, 2), 1u);
}

// SRS_ASYNC_SOCKET_EX_01_007
TEST_F(deadline, of_the_first_receive_leaves_the_data_to_the_next)
{
    receive_ex_operation& first = start_receive_ex(socket.get(), 10, 20);
    receive_ex_operation& second = start_receive_ex(socket.get(), 10);
    ASSERT_TRUE(first.wait());
    EXPECT_EQ(first.status(), ASYNC_STATUS_TIMED_OUT);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(1)));
    ASSERT_TRUE(second.wait());
    EXPECT_EQ(second.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(first_wrong_byte(second.memory(), 1), 1u);
}

// SRS_ASYNC_SOCKET_EX_01_007
TEST_F(deadline, of_0_receives_what_is_there_and_waits_for_nothing)
{
    receive_ex_operation& nothing = start_receive_ex(socket.get(), 10, 0);
    ASSERT_TRUE(nothing.wait());
    EXPECT_EQ(nothing.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_FALSE(nothing.was_called_inline());
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    std::size_t received = 0;
    const auto limit = std::chrono::steady_clock::now() + generous_limit();
    while (received != 10 && std::chrono::steady_clock::now() < limit) {
        receive_ex_operation receiving(10);
        ASSERT_EQ(receiving.start(socket.get(), 0), 0);
        ASSERT_TRUE(receiving.wait());
        if (receiving.status() == ASYNC_STATUS_OK) {
            ASSERT_GE(receiving.transferred(), 1u);
            EXPECT_EQ(first_wrong_byte(receiving.memory(), receiving.transferred(), received), receiving.transferred());
            received += receiving.transferred();
        } else {
            ASSERT_EQ(receiving.status(), ASYNC_STATUS_TIMED_OUT);
            EXPECT_EQ(receiving.transferred(), 0u);
        }
    }
    EXPECT_EQ(received, 10u);
}

// SRS_ASYNC_SOCKET_EX_01_007
TEST_F(deadline, that_is_far_away_does_not_end_a_receive_that_has_its_data)
{
    for (const std::uint32_t timeout_ms : {3'600'000u, UINT32_MAX - 1}) {
        receive_ex_operation& receiving = start_receive_ex(socket.get(), 1, timeout_ms);
        ASSERT_TRUE(send_all(link.peer.get(), pattern(1)));
        ASSERT_TRUE(receiving.wait());
        EXPECT_EQ(receiving.status(), ASYNC_STATUS_OK);
    }
}

// SRS_ASYNC_SOCKET_EX_01_007: the data comes at the moment of the deadline, before it, and after it.
TEST_F(deadline, that_races_the_data_loses_no_byte)
{
    constexpr std::size_t rounds = 300;
    constexpr std::size_t length = 4;
    std::size_t received = 0;
    std::size_t timed_out = 0;
    for (std::size_t round = 0; round != rounds; ++round) {
        receive_ex_operation first(length);
        ASSERT_EQ(first.start(socket.get(), static_cast<std::uint32_t>(round % 3)), 0);
        const auto begun = std::chrono::steady_clock::now();
        while (std::chrono::steady_clock::now() - begun < std::chrono::microseconds(round % 30 * 100)) {
            std::this_thread::yield();
        }
        ASSERT_TRUE(send_all(link.peer.get(), pattern(length, round * length)));
        ASSERT_TRUE(first.wait());
        ASSERT_TRUE(first.status() == ASYNC_STATUS_OK || first.status() == ASYNC_STATUS_TIMED_OUT) << first.status();
        ASSERT_EQ(first.status() == ASYNC_STATUS_OK, first.transferred() != 0);
        timed_out += first.status() == ASYNC_STATUS_TIMED_OUT ? 1 : 0;
        EXPECT_EQ(first_wrong_byte(first.memory(), first.transferred(), received), first.transferred());
        received += first.transferred();
        while (received != (round + 1) * length) {
            receive_ex_operation next(length);
            ASSERT_EQ(next.start(socket.get()), 0);
            ASSERT_TRUE(next.wait());
            ASSERT_EQ(next.status(), ASYNC_STATUS_OK);
            EXPECT_EQ(first_wrong_byte(next.memory(), next.transferred(), received), next.transferred());
            received += next.transferred();
            EXPECT_EQ(next.calls(), 1u);
        }
        EXPECT_EQ(first.calls(), 1u);
    }
    EXPECT_GT(timed_out, 0u);
}

// SRS_ASYNC_SOCKET_EX_01_002
TEST_F(deadline, cuts_a_send_short_and_the_next_goes_on_behind_it)
{
    send_ex_operation& cut = make<send_ex_operation>(pattern(std::size_t{32} * 1024 * 1024));
    ASSERT_EQ(cut.start(socket.get(), 50), ASYNC_SOCKET_SEND_SYNC_OK);
    send_ex_operation& behind = start_send_ex(socket.get(), pattern(1000, 77));
    ASSERT_TRUE(cut.wait());
    EXPECT_EQ(cut.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_GE(cut.took(), 50ms);
    EXPECT_LT(cut.transferred(), cut.size());
    std::thread closer([&] {
        EXPECT_TRUE(behind.wait());
        async_socket_close(socket.get());
    });
    const rest_of_stream rest = receive_to_end(link.peer.get());
    closer.join();
    EXPECT_EQ(behind.status(), ASYNC_STATUS_OK);
    expect_cut(rest.data, cut.transferred(), pattern(1000, 77));
}

// SRS_ASYNC_SOCKET_EX_01_002: time in the queue counts.
TEST_F(deadline, of_a_send_in_the_queue_ends_it_with_nothing_sent)
{
    send_ex_operation& blocked = start_blocked_send(socket.get());
    send_ex_operation& queued = start_send_ex(socket.get(), pattern(1000, 5), 30);
    send_ex_operation& last = start_send_ex(socket.get(), pattern(1000, blocked.size()));
    ASSERT_TRUE(queued.wait());
    EXPECT_EQ(queued.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(queued.transferred(), 0u);
    EXPECT_GE(queued.took(), 30ms);
    EXPECT_FALSE(blocked.is_done());
    EXPECT_EQ(receive_exactly(link.peer.get(), blocked.size() + 1000), pattern(blocked.size() + 1000));
    ASSERT_TRUE(blocked.wait());
    EXPECT_EQ(blocked.status(), ASYNC_STATUS_OK);
    ASSERT_TRUE(last.wait());
    EXPECT_EQ(last.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_SOCKET_EX_01_002
TEST_F(deadline, of_0_sends_what_the_system_takes_without_waiting)
{
    send_ex_operation& small = start_send_ex(socket.get(), pattern(100), 0);
    ASSERT_TRUE(small.wait());
    EXPECT_EQ(small.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(small.transferred(), 100u);
    send_ex_operation& large = make<send_ex_operation>(pattern(std::size_t{32} * 1024 * 1024, 100));
    ASSERT_EQ(large.start(socket.get(), 0), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_TRUE(large.wait());
    EXPECT_EQ(large.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_LT(large.transferred(), large.size());
    std::thread closer([&] { async_socket_close(socket.get()); });
    const rest_of_stream rest = receive_to_end(link.peer.get());
    closer.join();
    // A close throws nothing away that has left.
    expect_cut(rest.data, 100 + large.transferred(), {});
}

// SRS_ASYNC_SOCKET_EX_01_002: in a stream of sends, each of which may be cut, each tells how much of it has left.
TEST_F(deadline, that_races_a_slow_reader_tells_what_has_left)
{
    if (!expected::cut_sends_tell_all_that_left) {
        GTEST_SKIP() << "the system does not tell it";
    }
    constexpr std::size_t length = 1024 * 1024;
    constexpr std::size_t number = 60;
    rest_of_stream received;
    std::thread reader([&] { received = receive_to_end(link.peer.get()); });
    bytes sent;
    for (std::size_t i = 0; i != number; ++i) {
        send_ex_operation sending(pattern(length, i * length));
        ASSERT_EQ(sending.start(socket.get(), static_cast<std::uint32_t>(i % 3)), ASYNC_SOCKET_SEND_SYNC_OK);
        ASSERT_TRUE(sending.wait());
        ASSERT_TRUE(sending.status() == ASYNC_STATUS_OK || sending.status() == ASYNC_STATUS_TIMED_OUT);
        ASSERT_EQ(sending.status() == ASYNC_STATUS_OK, sending.transferred() == length);
        const bytes left = pattern(sending.transferred(), i * length);
        sent.insert(sent.end(), left.begin(), left.end());
        EXPECT_EQ(sending.calls(), 1u);
    }
    async_socket_close(socket.get());
    reader.join();
    EXPECT_TRUE(received.data == sent) << received.data.size() << " of " << sent.size() << " bytes";
}

// SRS_ASYNC_SOCKET_EX_01_002, SRS_ASYNC_SOCKET_EX_01_007: many at once, each at its own time.
TEST_F(deadline, of_many_receives_ends_each_once_and_none_early)
{
    std::vector<receive_ex_operation*> all;
    for (std::uint32_t i = 0; i != 500; ++i) {
        all.push_back(&start_receive_ex(socket.get(), 1, 10 + i * 7919 % 61));
    }
    std::uint32_t i = 0;
    for (receive_ex_operation* const each : all) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->status(), ASYNC_STATUS_TIMED_OUT);
        EXPECT_GE(each->took(), std::chrono::milliseconds(10 + i * 7919 % 61));
        ++i;
    }
    expect_works(socket.get(), link.peer.get());
    for (const receive_ex_operation* const each : all) {
        EXPECT_EQ(each->calls(), 1u);
    }
}

// SRS_ASYNC_SOCKET_EX_01_007: the callback of one closes while others are due.
TEST_F(deadline, may_come_while_the_socket_is_closed_in_a_callback)
{
    std::vector<receive_ex_operation*> others;
    receive_ex_operation& closing = make<receive_ex_operation>(1u);
    event started;
    closing.in_callback = [&] {
        EXPECT_TRUE(started.wait());
        async_socket_close(socket.get());
        for (const receive_ex_operation* const each : others) {
            EXPECT_TRUE(each->is_done());
        }
    };
    ASSERT_EQ(closing.start(socket.get(), 10), 0);
    for (std::uint32_t i = 0; i != 100; ++i) {
        others.push_back(&start_receive_ex(socket.get(), 1, 10 + i % 3));
    }
    started.set();
    ASSERT_TRUE(closing.wait());
    for (const receive_ex_operation* const each : others) {
        ASSERT_TRUE(each->is_done());
        EXPECT_TRUE(each->status() == ASYNC_STATUS_TIMED_OUT || each->status() == ASYNC_STATUS_CLOSED);
        EXPECT_EQ(each->calls(), 1u);
    }
}

} // namespace
} // namespace contract
