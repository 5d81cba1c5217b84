// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "async_socket/async_socket.h"
#include "support/both_modes.h"
#include "support/fixture.h"
#include "support/gate.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class async_socket_close_test : public both_modes_test {
protected:
    std::string room = std::string(16, '\0');
    std::string bytes = "some bytes";
};

// SRS_ASYNC_SOCKET_WIN32_01_018
TEST_P(async_socket_close_test, takes_null)
{
    async_socket_close(nullptr);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_WIN32_01_022
TEST_P(async_socket_close_test, a_socket_that_is_not_open_is_left_alone)
{
    closed_socket closed;
    fake_win32::forget_calls();
    async_socket_close(closed.socket.get());
    EXPECT_THAT(fake_win32::calls(), testing::IsEmpty());
    open_outcome opened;
    EXPECT_EQ(closed.open(opened), 0);
    async_socket_close(closed.socket.get());
    fake_win32::forget_calls();
    async_socket_close(closed.socket.get());
    EXPECT_THAT(fake_win32::calls(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_WIN32_01_107, SRS_ASYNC_SOCKET_WIN32_01_040, SRS_ASYNC_SOCKET_WIN32_01_059,
// SRS_ASYNC_SOCKET_WIN32_01_042, SRS_ASYNC_SOCKET_WIN32_01_021
TEST_P(async_socket_close_test, the_steps_come_in_order)
{
    open_socket opened;
    outcome receive;
    ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    const PTP_IO io = calls_of(api::CreateThreadpoolIo).at(0).returned_value<PTP_IO>();
    const auto environment = calls_of(api::InitializeThreadpoolEnvironment).at(0).argument<PTP_CALLBACK_ENVIRON>(0);
    fake_win32::forget_calls();
    async_socket_close(opened.socket.get());

    const std::vector<api> order = sequence_of({api::shutdown, api::closesocket, api::WaitForThreadpoolIoCallbacks,
                                                api::CloseThreadpoolIo, api::DestroyThreadpoolEnvironment});
    EXPECT_THAT(order, testing::ElementsAre(api::shutdown, api::closesocket, api::WaitForThreadpoolIoCallbacks,
                                            api::CloseThreadpoolIo, api::DestroyThreadpoolEnvironment));
    const call_record wait = calls_of(api::WaitForThreadpoolIoCallbacks).at(0);
    EXPECT_EQ(wait.argument<PTP_IO>(0), io);
    EXPECT_EQ(wait.argument<BOOL>(1), FALSE);
    EXPECT_EQ(calls_of(api::CloseThreadpoolIo).at(0).argument<PTP_IO>(0), io);
    EXPECT_EQ(calls_of(api::DestroyThreadpoolEnvironment).at(0).argument<PTP_CALLBACK_ENVIRON>(0), environment);
    EXPECT_EQ(start_receive(opened.socket.get(), room, receive) == 0, false);
}

// SRS_ASYNC_SOCKET_WIN32_01_107, SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_P(async_socket_close_test, the_transport_is_disconnected_so_that_pending_operations_end)
{
    open_socket opened;
    fake_win32::set_window(2);
    outcome receive;
    outcome send;
    ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    ASSERT_EQ(start_send(opened.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
    async_socket_close(opened.socket.get());
    EXPECT_EQ(receive.count(), 1);
    EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(receive.bytes(), 0u);
    EXPECT_EQ(send.count(), 1);
    EXPECT_EQ(send.sent(), ASYNC_SOCKET_SEND_ERROR);
    EXPECT_FALSE(socket_transport_is_valid_socket(opened.connected.transport.get()));
    EXPECT_TRUE(opened.peer().saw_end());
}

// SRS_ASYNC_SOCKET_WIN32_01_019, SRS_ASYNC_SOCKET_WIN32_01_097, SRS_ASYNC_SOCKET_WIN32_01_098,
// SRS_ASYNC_SOCKET_WIN32_01_022, SRS_ASYNC_SOCKET_WIN32_01_040
TEST_P(async_socket_close_test, a_closing_socket_refuses_everything_and_waits_for_its_callbacks)
{
    open_socket opened;
    gate inside;
    gate leave;
    gate closed;
    outcome receive([&] {
        inside.open();
        leave.wait();
    });
    ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    opened.peer().send("x");
    inside.wait();
    std::thread closer([&] {
        async_socket_close(opened.socket.get());
        closed.open();
    });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 1));
    outcome never;
    EXPECT_EQ(start_send(opened.socket.get(), bytes, never), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_NE(start_receive(opened.socket.get(), room, never), 0);
    open_outcome again;
    EXPECT_NE(opened.open(again), 0);
    async_socket_close(opened.socket.get()); // returns at once
    give_others_every_chance();
    EXPECT_FALSE(closed.is_open());
    leave.open();
    closer.join();
    EXPECT_EQ(receive.count(), 1);
    EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_EQ(never.count(), 0);
}

// SRS_ASYNC_SOCKET_WIN32_01_020
TEST_P(async_socket_close_test, a_send_call_that_is_executing_is_waited_for)
{
    open_socket opened;
    outcome send;
    fake_win32::stall_calls(api::WSASend);
    std::thread sender([&] { EXPECT_EQ(start_send(opened.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WSASend, 1));
    std::thread closer([&] { async_socket_close(opened.socket.get()); });
    give_others_every_chance();
    EXPECT_EQ(count_of(api::shutdown), 0u);
    EXPECT_EQ(count_of(api::CancelIoEx), 0u);
    fake_win32::release_calls();
    sender.join();
    closer.join();
    EXPECT_EQ(send.count(), 1);
    EXPECT_EQ(count_of(api::closesocket), 1u);
}

// SRS_ASYNC_SOCKET_WIN32_01_020
TEST_P(async_socket_close_test, a_receive_call_that_is_executing_is_waited_for)
{
    open_socket opened;
    outcome receive;
    fake_win32::stall_calls(api::WSARecv);
    std::thread receiver([&] { EXPECT_EQ(start_receive(opened.socket.get(), room, receive), 0); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WSARecv, 1));
    std::thread closer([&] { async_socket_close(opened.socket.get()); });
    give_others_every_chance();
    EXPECT_EQ(count_of(api::shutdown), 0u);
    EXPECT_EQ(count_of(api::CancelIoEx), 0u);
    fake_win32::release_calls();
    receiver.join();
    closer.join();
    EXPECT_EQ(receive.count(), 1);
    EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
}

// SRS_ASYNC_SOCKET_WIN32_01_020
TEST_P(async_socket_close_test, a_call_that_is_executing_before_its_first_system_call_is_waited_for)
{
    open_socket opened;
    outcome send;
    fake_win32::stall_calls(api::CreateEventW);
    std::thread sender([&] { EXPECT_EQ(start_send(opened.socket.get(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::CreateEventW, 1));
    std::thread closer([&] { async_socket_close(opened.socket.get()); });
    give_others_every_chance();
    EXPECT_EQ(count_of(api::CloseThreadpoolIo), 0u);
    fake_win32::release_calls();
    sender.join();
    closer.join();
    EXPECT_EQ(send.count(), 1);
}

// SRS_ASYNC_SOCKET_WIN32_01_040, SRS_ASYNC_SOCKET_GUARANTEE_01_004
TEST_P(async_socket_close_test, no_callback_comes_after_close_has_returned)
{
    open_socket opened;
    fake_win32::hold_callbacks();
    outcome receives[4];
    for (outcome& receive : receives) {
        ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    }
    gate closed;
    std::thread closer([&] {
        async_socket_close(opened.socket.get());
        closed.open();
    });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 1));
    for (int i = 0; i < 3; i++) {
        ASSERT_TRUE(fake_win32::deliver(fake_win32::pending_operations().at(0).overlapped));
        ASSERT_TRUE(fake_win32::wait_for_pending(static_cast<std::size_t>(3 - i)));
        give_others_every_chance();
        EXPECT_FALSE(closed.is_open());
    }
    fake_win32::deliver_completions();
    closer.join();
    for (const outcome& receive : receives) {
        EXPECT_EQ(receive.count(), 1);
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_110
TEST_P(async_socket_close_test, what_the_first_cancel_has_missed_is_cancelled_again)
{
    open_socket opened;
    gate closed;
    outcome receive;
    ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    fake_win32::miss_cancels(3);
    std::thread closer([&] {
        async_socket_close(opened.socket.get());
        closed.open();
    });
    closed.wait();
    opened.peer().reset(); // so that a close that hangs is a failure of this test and not its time limit
    closer.join();
    EXPECT_EQ(receive.count(), 1);
    EXPECT_EQ(receive.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
}

// SRS_ASYNC_SOCKET_WIN32_01_109
TEST_P(async_socket_close_test, the_handle_stays_open_while_operations_are_left)
{
    open_socket opened;
    fake_win32::hold_callbacks();
    outcome receive;
    ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    std::thread closer([&] { async_socket_close(opened.socket.get()); });
    EXPECT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 1));
    give_others_every_chance();
    EXPECT_EQ(count_of(api::closesocket), 0u);
    fake_win32::deliver_completions();
    closer.join();
    EXPECT_EQ(count_of(api::closesocket), 1u);
}

// SRS_ASYNC_SOCKET_WIN32_01_109, SRS_SOCKET_TRANSPORT_01_026
TEST_P(async_socket_close_test, the_handle_stays_open_though_the_program_disconnects_the_transport)
{
    open_socket opened;
    outcome receive;
    ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    fake_win32::miss_cancels(1);
    socket_transport_disconnect(opened.connected.transport.get());
    EXPECT_EQ(count_of(api::closesocket), 0u);
    EXPECT_TRUE(opened.peer().saw_end());
    async_socket_close(opened.socket.get());
    EXPECT_EQ(count_of(api::closesocket), 1u);
    EXPECT_EQ(receive.count(), 1);
}

// SRS_ASYNC_SOCKET_WIN32_01_022
TEST_P(async_socket_close_test, of_several_closes_at_once_one_closes)
{
    for (int round = 0; round < 30; round++) {
        open_socket opened;
        outcome receive;
        ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
        fake_win32::forget_calls();
        std::thread first([&] { async_socket_close(opened.socket.get()); });
        std::thread second([&] { async_socket_close(opened.socket.get()); });
        async_socket_close(opened.socket.get());
        first.join();
        second.join();
        EXPECT_EQ(count_of(api::WaitForThreadpoolIoCallbacks), 1u);
        EXPECT_EQ(count_of(api::CloseThreadpoolIo), 1u);
        EXPECT_EQ(count_of(api::closesocket), 1u);
        EXPECT_EQ(receive.count(), 1);
    }
}

IN_BOTH_MODES(async_socket_close_test);

} // namespace
