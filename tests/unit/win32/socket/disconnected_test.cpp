// SPDX-License-Identifier: MIT
//
// Disconnecting and resetting the transport beneath an async socket or a listener that stays open.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "async_socket/async_socket_ex.h"
#include "async_socket/socket_options.h"
#include "support/both_modes.h"
#include "support/completed.h"
#include "support/fixture.h"
#include "support/listening.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class disconnected_test : public both_modes_test {
protected:
    open_socket opened;
    std::string bytes = "some bytes";
    std::string room = std::string(4, '\0');

    ASYNC_SOCKET_HANDLE socket() const { return opened.socket.get(); }
    SOCKET_TRANSPORT_HANDLE transport() const { return opened.connected.transport.get(); }
};

// SRS_SOCKET_OPTIONS_01_007, SRS_ASYNC_SOCKET_WIN32_01_109: the handle is closed when the last operation has ended.
TEST_P(disconnected_test, a_reset_reaches_the_peer_before_the_close)
{
    outcome received;
    ASSERT_EQ(start_receive(socket(), room, received), 0);
    socket_transport_reset(transport());
    EXPECT_EQ(received.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_TRUE(opened.peer().saw_reset());
    EXPECT_EQ(count_of(api::closesocket), 1u);
    async_socket_close(socket());
    EXPECT_EQ(count_of(api::closesocket), 1u);
}

// SRS_SOCKET_OPTIONS_01_007
TEST_P(disconnected_test, a_reset_with_nothing_pending_reaches_the_peer_at_once)
{
    socket_transport_reset(transport());
    EXPECT_TRUE(opened.peer().saw_reset());
    outcome late;
    EXPECT_NE(start_receive(socket(), room, late), 0);
    EXPECT_NE(start_send(socket(), bytes, late), ASYNC_SOCKET_SEND_SYNC_OK);
}

// SRS_ASYNC_SOCKET_WIN32_01_109: not before all of them have ended.
TEST_P(disconnected_test, the_handle_is_there_for_as_long_as_the_system_has_an_operation)
{
    fake_win32::set_window(2);
    fake_win32::hold_callbacks();
    completed sent;
    completed received;
    ASSERT_EQ(send_ex(socket(), bytes, sent), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(receive_ex(socket(), room, received), 0);
    const auto pending = fake_win32::pending_operations();
    socket_transport_reset(transport());
    ASSERT_TRUE(fake_win32::deliver(pending.at(0).overlapped));
    EXPECT_EQ(sent.status(), ASYNC_STATUS_CLOSED);
    EXPECT_EQ(count_of(api::closesocket), 0u);
    ASSERT_TRUE(fake_win32::deliver(pending.at(1).overlapped));
    EXPECT_EQ(received.status(), ASYNC_STATUS_CLOSED);
    EXPECT_EQ(count_of(api::closesocket), 1u);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_015, SRS_SOCKET_TRANSPORT_01_027: an operation that begins while the transport is being
// disconnected.
TEST_P(disconnected_test, what_begins_meanwhile_ends)
{
    for (const bool resets : {false, true}) {
        open_socket own;
        outcome received;
        fake_win32::forget_calls();
        fake_win32::stall_calls(api::WSARecv);
        std::thread starter([&] { EXPECT_EQ(start_receive(own.socket.get(), room, received), resets ? 0 : 1); });
        ASSERT_TRUE(fake_win32::wait_for_calls(api::WSARecv, 1));
        (resets ? socket_transport_reset : socket_transport_disconnect)(own.connected.transport.get());
        fake_win32::release_calls();
        starter.join();
        // Without a close. A receive on a connection that was shut down is refused.
        if (resets) {
            EXPECT_EQ(received.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
            EXPECT_TRUE(eventually([&] { return own.peer().saw_reset(); }));
        }
        EXPECT_EQ(fake_win32::pending_operations().size(), 0u);
    }
}

// SRS_SOCKET_TRANSPORT_WIN32_01_015
TEST_P(disconnected_test, so_does_a_send)
{
    fake_win32::set_window(2);
    completed sent;
    fake_win32::stall_calls(api::WSASend);
    std::thread starter([&] { EXPECT_EQ(send_ex(socket(), bytes, sent), ASYNC_SOCKET_SEND_SYNC_OK); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WSASend, 1));
    socket_transport_reset(transport());
    fake_win32::release_calls();
    starter.join();
    EXPECT_EQ(sent.status(), ASYNC_STATUS_CLOSED);
}

// SRS_ASYNC_SOCKET_WIN32_01_109, SRS_ASYNC_SOCKET_EX_01_012: what is cancelled when the handle is closed already.
TEST_P(disconnected_test, a_cancel_does_not_meet_a_handle_that_is_closed)
{
    for (int round = 0; round < 100; round++) {
        open_socket own;
        completed received;
        ASYNC_OPERATION_ID id = 0;
        ASSERT_EQ(receive_ex(own.socket.get(), room, received, round % 3 == 0 ? 1 : ASYNC_NO_TIMEOUT, &id), 0);
        std::thread canceller([&] { EXPECT_EQ(async_socket_cancel(own.socket.get(), id), 0); });
        std::thread resetter([&] { socket_transport_reset(own.connected.transport.get()); });
        if (round % 2 == 0) {
            async_socket_cancel_and_wait(own.socket.get(), id);
        }
        canceller.join();
        resetter.join();
        EXPECT_EQ(received.get().bytes, 0u);
    }
}

// SRS_SOCKET_TRANSPORT_WIN32_01_016, SRS_ASYNC_SOCKET_EX_01_019
TEST_P(disconnected_test, a_reset_of_the_socket_ends_a_blocking_call_that_begins)
{
    fake_win32::stall_calls(api::WSARecv);
    std::thread receiver([&] {
        unsigned char byte = 0;
        SOCKET_BUFFER one{1, &byte};
        EXPECT_EQ(socket_transport_receive(transport(), &one, 1, nullptr, 0, nullptr), SOCKET_RECEIVE_ERROR);
    });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WSARecv, 1));
    async_socket_reset(socket());
    fake_win32::release_calls();
    receiver.join();
    EXPECT_TRUE(eventually([&] { return opened.peer().saw_reset() && live().timers == 0; }));
}

IN_BOTH_MODES(disconnected_test);

class disconnected_listener_test : public async_listener_test {};

// SRS_SOCKET_TRANSPORT_01_025, SRS_ASYNC_SOCKET_WIN32_01_109
TEST_F(disconnected_listener_test, listens_no_longer)
{
    accepted_outcome pending;
    ASSERT_EQ(accept(pending), 0);
    socket_transport_disconnect(server.transport.get());
    EXPECT_EQ(pending.status(), ASYNC_STATUS_CLOSED);
    EXPECT_FALSE(come().has_value());
    const owned_transport next(socket_transport_create_server());
    EXPECT_EQ(socket_transport_listen_at(next.get(), "127.0.0.1", server.port), 0);
    accepted_outcome late;
    EXPECT_NE(accept(late), 0);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_015
TEST_F(disconnected_listener_test, an_accept_that_begins_meanwhile_ends)
{
    accepted_outcome result;
    fake_win32::stall_calls(api::AcceptEx);
    std::thread starter([&] { EXPECT_EQ(accept(result), 0); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::AcceptEx, 1));
    socket_transport_disconnect(server.transport.get());
    fake_win32::release_calls();
    starter.join();
    EXPECT_EQ(result.status(), ASYNC_STATUS_CLOSED);
    EXPECT_FALSE(come().has_value());
}

} // namespace
