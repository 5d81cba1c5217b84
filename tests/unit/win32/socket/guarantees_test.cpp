// SPDX-License-Identifier: MIT
//
// What holds on every platform, here with everything of the system in the test's hands.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <thread>
#include <vector>

#include "async_socket/async_socket.h"
#include "support/both_modes.h"
#include "support/fixture.h"
#include "support/gate.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class guarantees_test : public both_modes_test {
protected:
    std::string room = std::string(4, '\0');
    std::string bytes = "some bytes";
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_P(guarantees_test, the_transport_may_be_destroyed_while_the_socket_is_open)
{
    open_socket opened;
    outcome receive;
    ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    opened.connected.transport.reset();
    opened.peer().send("abcd");
    EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_OK);
    outcome send;
    ASSERT_EQ(start_send(opened.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(opened.peer().wait_for(bytes.size()), bytes);
    send.wait();
    outcome pending;
    ASSERT_EQ(start_receive(opened.socket.get(), room, pending), 0);
    EXPECT_EQ(count_of(api::closesocket), 0u);
    async_socket_close(opened.socket.get());
    EXPECT_EQ(pending.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(count_of(api::closesocket), 1u);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_P(guarantees_test, the_transport_may_be_destroyed_after_the_close_and_after_the_destroy)
{
    open_socket closed;
    async_socket_close(closed.socket.get());
    closed.connected.transport.reset();

    open_socket destroyed;
    destroyed.socket.reset();
    EXPECT_FALSE(socket_transport_is_valid_socket(destroyed.connected.transport.get()));
    destroyed.connected.transport.reset();
    EXPECT_EQ(count_of(api::closesocket), 2u);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_P(guarantees_test, the_program_may_disconnect_the_transport_while_operations_are_pending)
{
    open_socket opened;
    fake_win32::set_window(1);
    outcome receive;
    outcome send;
    ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    ASSERT_EQ(start_send(opened.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
    socket_transport_disconnect(opened.connected.transport.get());
    EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_ERROR);
    async_socket_close(opened.socket.get());
    EXPECT_EQ(receive.count(), 1);
    EXPECT_EQ(send.count(), 1);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_003
TEST_P(guarantees_test, a_callback_runs_on_a_thread_of_the_engine)
{
    fake_win32::return_at_once(fake_win32::at_once::always);
    open_socket opened;
    outcome send;
    outcome receive;
    opened.peer().send("abcd");
    ASSERT_EQ(start_send(opened.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    EXPECT_NE(send.thread(), std::this_thread::get_id());
    EXPECT_NE(receive.thread(), std::this_thread::get_id());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_003
TEST_P(guarantees_test, a_callback_never_runs_inside_the_call_that_started_it)
{
    fake_win32::return_at_once(fake_win32::at_once::always);
    const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
    open_socket opened(&one_thread);
    // With the only thread of the engine inside the call, a callback that runs now runs inline.
    outcome inner;
    outcome outer([&] {
        EXPECT_EQ(start_send(opened.socket.get(), bytes, inner), ASYNC_SOCKET_SEND_SYNC_OK);
        EXPECT_EQ(inner.count(), 0);
    });
    ASSERT_EQ(start_send(opened.socket.get(), bytes, outer), ASYNC_SOCKET_SEND_SYNC_OK);
    outer.wait();
    inner.wait();
    async_socket_close(opened.socket.get());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_007, SRS_ASYNC_SOCKET_GUARANTEE_01_008
TEST_P(guarantees_test, bytes_leave_in_the_order_of_the_sends)
{
    for (const std::size_t window : {1u, 7u, 64u, 4096u}) {
        fake_win32::set_window(window);
        open_socket opened;
        std::deque<std::string> messages;
        std::deque<outcome> sends;
        std::string expected;
        for (int i = 0; i < 50; i++) {
            messages.push_back("message " + std::to_string(i) + ";");
            expected += messages.back();
            ASSERT_EQ(start_send(opened.socket.get(), messages.back(), sends.emplace_back()),
                      ASYNC_SOCKET_SEND_SYNC_OK);
        }
        EXPECT_EQ(opened.peer().wait_for(expected.size()), expected);
        for (const outcome& send : sends) {
            EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_OK);
        }
        async_socket_close(opened.socket.get());
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_007
TEST_P(guarantees_test, receives_are_filled_in_the_order_in_which_they_were_started)
{
    open_socket opened;
    std::deque<std::string> rooms;
    std::deque<outcome> receives;
    for (int i = 0; i < 20; i++) {
        rooms.emplace_back(5, '\0');
        ASSERT_EQ(start_receive(opened.socket.get(), rooms.back(), receives.emplace_back()), 0);
    }
    std::string expected;
    for (int i = 0; i < 20; i++) {
        const std::string message = "m" + std::to_string(100 + i) + ";";
        expected += message;
        opened.peer().send(message);
    }
    std::string received;
    for (std::size_t i = 0; i < receives.size(); i++) {
        EXPECT_EQ(receives[i].received(), ASYNC_SOCKET_RECEIVE_OK);
        received += rooms[i].substr(0, receives[i].bytes());
    }
    EXPECT_EQ(received, expected);
    async_socket_close(opened.socket.get());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_008
TEST_P(guarantees_test, a_send_is_complete_when_its_last_byte_is_taken_and_not_before)
{
    fake_win32::set_window(3);
    open_socket opened;
    outcome send;
    ASSERT_EQ(start_send(opened.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
    std::string taken;
    while (taken.size() + 3 < bytes.size()) {
        EXPECT_EQ(send.count(), 0);
        taken += opened.peer().receive(1);
    }
    EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(taken + opened.peer().receive(), bytes);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_WIN32_42_001
TEST_P(guarantees_test, a_reset_by_the_peer_ends_every_operation_once)
{
    open_socket opened;
    fake_win32::set_window(1);
    outcome receives[2];
    outcome send;
    ASSERT_EQ(start_receive(opened.socket.get(), room, receives[0]), 0);
    ASSERT_EQ(start_receive(opened.socket.get(), room, receives[1]), 0);
    ASSERT_EQ(start_send(opened.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
    opened.peer().reset();
    EXPECT_EQ(receives[0].received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(receives[1].received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_ERROR);
    async_socket_close(opened.socket.get());
    EXPECT_EQ(receives[0].count() + receives[1].count() + send.count(), 3);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_WIN32_42_003
TEST_P(guarantees_test, the_end_of_the_stream_ends_every_receive_and_leaves_sends_possible)
{
    open_socket opened;
    outcome receives[2];
    ASSERT_EQ(start_receive(opened.socket.get(), room, receives[0]), 0);
    ASSERT_EQ(start_receive(opened.socket.get(), room, receives[1]), 0);
    opened.peer().send("ab");
    opened.peer().close();
    EXPECT_EQ(receives[0].bytes(), 2u);
    EXPECT_EQ(receives[1].received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    outcome after;
    ASSERT_EQ(start_receive(opened.socket.get(), room, after), 0);
    EXPECT_EQ(after.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_006, SRS_ASYNC_SOCKET_GUARANTEE_01_002
TEST_P(guarantees_test, every_function_may_be_called_from_any_thread)
{
    struct caller {
        std::deque<outcome> outcomes;
        std::size_t accepted = 0;
        std::string bytes = "some bytes of this thread";
        std::string room = std::string(8, '\0');
    };
    closed_socket closed;
    const ASYNC_SOCKET_HANDLE socket = closed.socket.get();
    std::vector<caller> callers(4);
    std::vector<std::thread> threads;
    for (caller& mine : callers) {
        threads.emplace_back([&] {
            open_outcome opened;
            closed.open(opened); // one of the threads succeeds
            for (int j = 0; j < 20; j++) {
                outcome& send = mine.outcomes.emplace_back();
                mine.accepted += start_send(socket, mine.bytes, send) == ASYNC_SOCKET_SEND_SYNC_OK ? 1u : 0u;
                outcome& receive = mine.outcomes.emplace_back();
                mine.accepted += start_receive(socket, mine.room, receive) == 0 ? 1u : 0u;
                socket_transport_is_valid_socket(closed.connected.transport.get());
            }
            async_socket_close(socket);
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    closed.socket.reset();
    for (const caller& one : callers) {
        std::size_t calls = 0;
        for (const outcome& result : one.outcomes) {
            EXPECT_LE(result.count(), 1);
            calls += static_cast<std::size_t>(result.count());
        }
        EXPECT_EQ(calls, one.accepted);
    }
}

IN_BOTH_MODES(guarantees_test);

} // namespace
