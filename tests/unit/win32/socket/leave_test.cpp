// SPDX-License-Identifier: MIT
//
// Half close, reset, release, and the transport beneath a socket.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "async_socket/async_connect.h"
#include "async_socket/async_socket_ex.h"
#include "async_socket/socket_options.h"
#include "support/both_modes.h"
#include "support/completed.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class leave_test : public both_modes_test {
protected:
    open_socket opened;
    std::string bytes = "some bytes";
    std::string room = std::string(4, '\0');

    ASYNC_SOCKET_HANDLE socket() const { return opened.socket.get(); }
    int shut_down(completed& result)
    {
        return async_socket_shutdown_send_async(socket(), completed::on_complete, &result);
    }
};

// SRS_ASYNC_SOCKET_EX_01_016
TEST_P(leave_test, the_stream_ends_behind_all_sends)
{
    fake_win32::set_window(4);
    completed sends[3];
    outcome plain;
    completed shutdown;
    for (completed& send : sends) {
        ASSERT_EQ(send_ex(socket(), bytes, send), ASYNC_SOCKET_SEND_SYNC_OK);
    }
    ASSERT_EQ(start_send(socket(), bytes, plain), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(shut_down(shutdown), 0);
    give_others_every_chance();
    EXPECT_EQ(shutdown.count(), 0);
    EXPECT_EQ(opened.peer().wait_for(4 * bytes.size()).size(), 4 * bytes.size());
    EXPECT_EQ(shutdown.status(), ASYNC_STATUS_OK);
    EXPECT_NE(shutdown.thread(), std::this_thread::get_id());
    EXPECT_TRUE(opened.peer().saw_end());
    EXPECT_EQ(calls_of(api::shutdown).at(0).argument<int>(1), SD_SEND);
    // Receives go on.
    completed received;
    ASSERT_EQ(receive_ex(socket(), room, received), 0);
    opened.peer().send("abc");
    EXPECT_EQ(received.status(), ASYNC_STATUS_OK);
    // Their callbacks may come after the one of the end.
    plain.wait();
    for (const completed& send : sends) {
        send.wait();
    }
}

// SRS_ASYNC_SOCKET_EX_01_016: never inline.
TEST_P(leave_test, without_sends_it_is_a_thread_of_the_pool_that_shuts_down)
{
    fake_win32::hold_timers();
    completed shutdown;
    ASSERT_EQ(shut_down(shutdown), 0);
    give_others_every_chance();
    EXPECT_EQ(shutdown.count(), 0);
    fake_win32::release_timers();
    EXPECT_EQ(shutdown.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_SOCKET_EX_01_017, SRS_ASYNC_SOCKET_EX_01_018
TEST_P(leave_test, afterwards_nothing_is_sent_any_more)
{
    fake_win32::set_window(2);
    completed pending;
    ASSERT_EQ(send_ex(socket(), bytes, pending), ASYNC_SOCKET_SEND_SYNC_OK);
    completed shutdown;
    ASSERT_EQ(shut_down(shutdown), 0);
    completed late;
    outcome late_plain;
    EXPECT_EQ(send_ex(socket(), bytes, late), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_EQ(start_send(socket(), bytes, late_plain), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    log.take();
    completed again;
    EXPECT_NE(shut_down(again), 0);
    expect_refusal("async_socket_shutdown_send_async", "async_socket");
    EXPECT_EQ(opened.peer().wait_for(bytes.size()), bytes);
    EXPECT_EQ(shutdown.status(), ASYNC_STATUS_OK);
    EXPECT_NE(shut_down(again), 0);
    EXPECT_EQ(shutdown.count(), 1);
}

// SRS_ASYNC_SOCKET_EX_01_018
TEST_P(leave_test, bad_arguments_of_a_half_close_are_refused)
{
    completed result;
    EXPECT_NE(async_socket_shutdown_send_async(nullptr, completed::on_complete, &result), 0);
    expect_refusal("async_socket_shutdown_send_async", "async_socket");
    EXPECT_NE(async_socket_shutdown_send_async(socket(), nullptr, &result), 0);
    expect_refusal("async_socket_shutdown_send_async", "on_complete");
    async_socket_close(socket());
    EXPECT_NE(shut_down(result), 0);
    expect_refusal("async_socket_shutdown_send_async", "async_socket");
}

// SRS_ASYNC_SOCKET_EX_01_018, SRS_ASYNC_SOCKET_EX_01_016
TEST_P(leave_test, a_half_close_leaves_nothing_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        open_socket own;
        completed sent;
        completed shutdown;
        run.arm();
        const int returned = async_socket_shutdown_send_async(own.socket.get(), completed::on_complete, &shutdown);
        EXPECT_EQ(returned != 0, run.disarm());
        if (returned == 0) {
            EXPECT_EQ(shutdown.status(), ASYNC_STATUS_OK);
        } else {
            EXPECT_EQ(send_ex(own.socket.get(), bytes, sent), ASYNC_SOCKET_SEND_SYNC_OK);
            EXPECT_EQ(sent.status(), ASYNC_STATUS_OK);
        }
        log.take();
    });
    EXPECT_EQ(failures, 2u); // CreateThreadpoolTimer, one allocation
}

// SRS_ASYNC_SOCKET_EX_01_016
TEST_P(leave_test, what_overtakes_a_half_close_is_told)
{
    fake_win32::set_window(2);
    {
        completed pending;
        completed shutdown;
        ASSERT_EQ(send_ex(socket(), bytes, pending), ASYNC_SOCKET_SEND_SYNC_OK);
        ASSERT_EQ(shut_down(shutdown), 0);
        async_socket_close(socket());
        EXPECT_EQ(shutdown.count(), 1);
        EXPECT_EQ(shutdown.status(), ASYNC_STATUS_CLOSED);
    }
    open_socket other;
    completed pending;
    outcome plain;
    completed shutdown;
    ASSERT_EQ(start_send(other.socket.get(), bytes, plain), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(async_socket_shutdown_send_async(other.socket.get(), completed::on_complete, &shutdown), 0);
    other.peer().reset();
    EXPECT_EQ(shutdown.status(), ASYNC_STATUS_RESET);
    plain.wait();
}

// SRS_ASYNC_SOCKET_EX_01_016, SRS_ASYNC_SOCKET_EX_01_017
TEST_P(leave_test, sends_race_with_a_half_close)
{
    for (int round = 0; round < 100; round++) {
        open_socket own;
        std::size_t accepted = 0;
        completed results[10];
        completed shutdown;
        std::thread sender([&] {
            for (completed& result : results) {
                if (send_ex(own.socket.get(), bytes, result) != ASYNC_SOCKET_SEND_SYNC_OK) {
                    break;
                }
                accepted++;
            }
        });
        EXPECT_EQ(async_socket_shutdown_send_async(own.socket.get(), completed::on_complete, &shutdown), 0);
        EXPECT_EQ(shutdown.status(), ASYNC_STATUS_OK);
        sender.join();
        EXPECT_EQ(own.peer().receive().size(), accepted * bytes.size());
        EXPECT_TRUE(own.peer().saw_end());
        async_socket_close(own.socket.get());
    }
}

// SRS_ASYNC_SOCKET_EX_01_019
TEST_P(leave_test, reset_ends_everything_and_tells_the_peer)
{
    fake_win32::set_window(2);
    completed sent;
    completed received;
    ASSERT_EQ(send_ex(socket(), bytes, sent), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_EQ(receive_ex(socket(), room, received), 0);
    async_socket_reset(socket());
    EXPECT_EQ(sent.status(), ASYNC_STATUS_CLOSED);
    EXPECT_EQ(received.status(), ASYNC_STATUS_CLOSED);
    EXPECT_TRUE(opened.peer().saw_reset());
    EXPECT_FALSE(opened.peer().saw_end());
    EXPECT_EQ(count_of(api::shutdown), 0u);
    async_socket_reset(socket());
    async_socket_reset(nullptr);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_SOCKET_EX_01_019
TEST_P(leave_test, reset_inside_a_callback)
{
    completed received([&] { async_socket_reset(socket()); });
    ASSERT_EQ(receive_ex(socket(), room, received), 0);
    opened.peer().send("abc");
    received.wait();
    EXPECT_TRUE(eventually([&] { return opened.peer().saw_reset(); }));
}

// SRS_ASYNC_SOCKET_EX_01_020
TEST_P(leave_test, release_hands_over_the_socket_with_what_is_in_it)
{
    completed received;
    outcome plain;
    ASSERT_EQ(receive_ex(socket(), room, received), 0);
    ASSERT_EQ(start_receive(socket(), room, plain), 0);
    SOCKET_HANDLE released = nullptr;
    ASSERT_EQ(async_socket_release(socket(), &released), 0);
    EXPECT_EQ(received.status(), ASYNC_STATUS_CLOSED);
    EXPECT_EQ(plain.received(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    opened.peer().send("abc");
    EXPECT_FALSE(opened.peer().saw_end());
    EXPECT_FALSE(opened.peer().saw_reset());
    opened.socket.reset();
    opened.connected.transport.reset();
    char memory[4];
    WSABUF buffer{sizeof memory, memory};
    DWORD count = 0;
    DWORD flags = 0;
    EXPECT_EQ(WSARecv(as_socket(released), &buffer, 1, &count, &flags, nullptr, nullptr), 0);
    EXPECT_EQ(std::string(memory, count), "abc");
    EXPECT_EQ(count_of(api::shutdown), 0u);
    EXPECT_EQ(closesocket(as_socket(released)), 0);
    EXPECT_TRUE(opened.peer().saw_end());
    // SRS_SOCKET_TRANSPORT_WIN32_01_017: the program's.
    EXPECT_EQ(WSACleanup(), 0);
}

// SRS_ASYNC_SOCKET_EX_01_021
TEST_P(leave_test, release_refuses_and_leaves_the_socket_as_it_was)
{
    SOCKET_HANDLE released = nullptr;
    EXPECT_NE(async_socket_release(nullptr, &released), 0);
    expect_refusal("async_socket_release", "async_socket");
    EXPECT_NE(async_socket_release(socket(), nullptr), 0);
    expect_refusal("async_socket_release", "released");
    const live_objects before = live();
    fake_win32::fail_call(api::WSAStartup);
    EXPECT_NE(async_socket_release(socket(), &released), 0);
    expect_failure("async_socket_release", "WSAStartup", WSASYSNOTREADY);
    fake_win32::fail_call(api::WSADuplicateSocketW);
    EXPECT_NE(async_socket_release(socket(), &released), 0);
    expect_failure("async_socket_release", "WSADuplicateSocketW", WSAENOBUFS);
    fake_win32::fail_call(api::WSASocketW);
    EXPECT_NE(async_socket_release(socket(), &released), 0);
    EXPECT_EQ(released, nullptr);
    EXPECT_EQ(live(), before);
    completed sent;
    ASSERT_EQ(send_ex(socket(), bytes, sent), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(sent.status(), ASYNC_STATUS_OK);
    log.take();
    async_socket_close(socket());
    EXPECT_NE(async_socket_release(socket(), &released), 0);
    expect_refusal("async_socket_release", "async_socket");
}

// SRS_ASYNC_SOCKET_EX_01_022
TEST_P(leave_test, the_transport_beneath)
{
    EXPECT_EQ(async_socket_get_transport(socket()), opened.connected.transport.get());
    EXPECT_EQ(async_socket_get_transport(nullptr), nullptr);
    expect_refusal("async_socket_get_transport", "async_socket");
    listening_transport server;
    owned_socket connecting(async_socket_create(opened.engine.get()));
    EXPECT_EQ(async_socket_get_transport(connecting.get()), nullptr);
    completed connected;
    ASSERT_EQ(async_socket_connect_ex_async(connecting.get(), "127.0.0.1", server.port, ASYNC_NO_TIMEOUT, nullptr,
                                            completed::on_complete, &connected),
              0);
    EXPECT_EQ(connected.status(), ASYNC_STATUS_OK);
    SOCKET_TRANSPORT_HANDLE const transport = async_socket_get_transport(connecting.get());
    ASSERT_NE(transport, nullptr);
    EXPECT_EQ(socket_transport_set_no_delay(transport, true), 0);
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
    std::uint16_t port = 0;
    EXPECT_EQ(socket_transport_get_peer_endpoint(transport, host, sizeof host, &port), 0);
    EXPECT_EQ(port, server.port);
    async_socket_close(connecting.get());
    EXPECT_EQ(async_socket_get_transport(connecting.get()), nullptr);
    async_socket_close(socket());
    EXPECT_EQ(async_socket_get_transport(socket()), nullptr);
}

IN_BOTH_MODES(leave_test);

} // namespace
