// SPDX-License-Identifier: MIT
//
// After close has returned no callback runs, and every accepted operation has had its callback.

#include <algorithm>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "expected_results.h"
#include "support/fixture.h"

namespace contract {
namespace {

constexpr std::size_t many = 200;
// More than the buffers of both ends of a connection take.
constexpr std::size_t sends_that_do_not_fit = 24;

class close_of : public with_socket {
protected:
    void start_many_receives()
    {
        for (std::size_t i = 0; i != many; ++i) {
            receives.push_back(&start_receive(socket.get(), 100));
        }
    }

    // The peer does not read: most of these stay pending.
    void start_many_sends()
    {
        for (std::size_t i = 0; i != sends_that_do_not_fit; ++i) {
            sends.push_back(&start_send(socket.get(), pattern(mebibyte, i * mebibyte)));
        }
    }

    void expect_all_called_back()
    {
        for (receive_operation* const receiving : receives) {
            EXPECT_TRUE(receiving->is_done());
            EXPECT_EQ(receiving->calls(), 1u);
            EXPECT_EQ(receiving->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
            EXPECT_EQ(receiving->received(), 0u);
        }
        for (send_operation* const sending : sends) {
            EXPECT_TRUE(sending->is_done());
            EXPECT_EQ(sending->calls(), 1u);
        }
        if (!sends.empty()) {
            EXPECT_EQ(sends.back()->result(), expected::send_ended_by_own_close);
        }
    }

    std::vector<receive_operation*> receives;
    std::vector<send_operation*> sends;
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_WIN32_01_040
TEST_F(close_of, pending_receives_are_abandoned_before_it_returns)
{
    start_many_receives();
    async_socket_close(socket.get());
    expect_all_called_back();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_WIN32_01_040, SRS_ASYNC_SOCKET_WIN32_01_067
TEST_F(close_of, pending_sends_are_ended_before_it_returns)
{
    start_many_sends();
    async_socket_close(socket.get());
    expect_all_called_back();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004
TEST_F(close_of, pending_sends_and_receives_are_ended_before_it_returns)
{
    start_many_receives();
    start_many_sends();
    async_socket_close(socket.get());
    expect_all_called_back();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_006
TEST_F(close_of, another_thread_ends_pending_operations)
{
    start_many_receives();
    start_many_sends();
    std::jthread closing([&] {
        async_socket_close(socket.get());
        expect_all_called_back();
    });
    closing.join();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_WIN32_01_006
TEST_F(close_of, destroy_ends_pending_operations_before_it_returns)
{
    start_many_receives();
    start_many_sends();
    socket.reset();
    expect_all_called_back();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004
TEST_F(close_of, pending_operations_end_before_the_bytes_that_did_leave_are_wrong)
{
    start_many_sends();
    async_socket_close(socket.get());
    const rest_of_stream rest = receive_to_end(link.peer.get());
    EXPECT_EQ(first_wrong_byte(rest.data.data(), rest.data.size()), rest.data.size());
    EXPECT_LT(rest.data.size(), sends_that_do_not_fit * mebibyte);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004
TEST_F(close_of, it_waits_for_a_callback_that_is_running)
{
    event entered;
    event release;
    receive_operation& receiving = new_receive(10);
    receiving.in_callback = [&] {
        entered.set();
        EXPECT_TRUE(release.wait());
    };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    ASSERT_TRUE(entered.wait());

    event closed;
    bool was_done_at_return = false;
    std::jthread closing([&] {
        async_socket_close(socket.get());
        was_done_at_return = receiving.is_done();
        closed.set();
    });
    wait_until_it_is_being_closed(socket.get());
    EXPECT_FALSE(closed.is_set());
    release.set();
    EXPECT_TRUE(closed.wait());
    closing.join();
    EXPECT_TRUE(was_done_at_return);
    EXPECT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_OK);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_WIN32_01_022
TEST_F(close_of, a_second_close_returns_at_once_while_the_first_is_waiting)
{
    event entered;
    event release;
    receive_operation& receiving = new_receive(10);
    receiving.in_callback = [&] {
        entered.set();
        EXPECT_TRUE(release.wait());
    };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    ASSERT_TRUE(entered.wait());
    std::jthread closing([&] { async_socket_close(socket.get()); });
    wait_until_it_is_being_closed(socket.get());

    async_socket_close(socket.get());
    EXPECT_FALSE(receiving.is_done());
    release.set();
    closing.join();
    EXPECT_TRUE(receiving.is_done());
}

// SRS_ASYNC_SOCKET_WIN32_01_022
TEST_F(close_of, a_closed_socket_changes_nothing)
{
    async_socket_close(socket.get());
    async_socket_close(socket.get());
    async_socket_close(socket.get());
}

// SRS_ASYNC_SOCKET_WIN32_01_097, SRS_ASYNC_SOCKET_WIN32_01_098, SRS_ASYNC_SOCKET_WIN32_01_019
TEST_F(close_of, operations_that_abandoned_callbacks_start_are_refused)
{
    receive_operation& receiving = new_receive(10);
    receive_operation& again = new_receive(10);
    send_operation& sending = new_send(pattern(10));
    int receive_result = 0;
    ASYNC_SOCKET_SEND_SYNC_RESULT send_result{};
    receiving.in_callback = [&] {
        receive_result = again.start(socket.get());
        send_result = sending.start(socket.get());
    };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    async_socket_close(socket.get());
    EXPECT_TRUE(receiving.is_done());
    EXPECT_NE(receive_result, 0);
    EXPECT_EQ(send_result, ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_EQ(again.calls(), 0u);
    EXPECT_EQ(sending.calls(), 0u);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004
TEST_F(close_of, the_payload_is_the_callers_again_after_the_callback)
{
    receive_operation& receiving = start_receive(socket.get(), 4096);
    async_socket_close(socket.get());
    ASSERT_TRUE(receiving.is_done());
    const bytes poison(receiving.size(), 0xdd);
    std::copy(poison.begin(), poison.end(), receiving.memory());
    send_all(link.peer.get(), pattern(4096));
    socket.reset();
    EXPECT_EQ(bytes(receiving.memory(), receiving.memory() + receiving.size()), poison);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_006
TEST_F(with_engine, sockets_that_are_closed_while_bytes_arrive_lose_no_operation)
{
    constexpr int rounds = 50;
    constexpr std::size_t receives_each = 8;
    for (int round = 0; round != rounds; ++round) {
        connection link = make_connection();
        socket_owner socket = open_socket(engine.get(), link.local.get());
        std::vector<receive_operation*> receives;
        for (std::size_t i = 0; i != receives_each; ++i) {
            receives.push_back(&start_receive(socket.get(), 64));
        }
        std::jthread sending([&] { send_all(link.peer.get(), pattern(64 * receives_each)); });
        async_socket_close(socket.get());
        for (const receive_operation* const receiving : receives) {
            ASSERT_TRUE(receiving->is_done());
            ASSERT_EQ(receiving->calls(), 1u);
        }
        sending.join();
    }
}

} // namespace
} // namespace contract
