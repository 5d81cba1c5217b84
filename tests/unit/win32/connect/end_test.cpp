// SPDX-License-Identifier: MIT
//
// Ending a connect before its end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "support/connecting.h"

namespace {

using namespace unit;

// SRS_ASYNC_CONNECT_01_011
TEST_F(connect_test, close_and_destroy_end_it_and_wait)
{
    fake_win32::make_silent("10.0.0.1");
    for (const int round : {0, 1, 2}) {
        socket.reset(async_socket_create(engine.get()));
        opened_outcome result;
        ASSERT_EQ(connect("10.0.0.1", result), 0);
        if (round != 2) {
            EXPECT_TRUE(fake_win32::wait_for_pending(1));
        }
        if (round == 0) {
            async_socket_close(socket.get());
        } else {
            socket.reset();
        }
        EXPECT_EQ(result.count, 1);
        EXPECT_EQ(result.seen, ASYNC_SOCKET_OPEN_ERROR);
        EXPECT_EQ(sockets_besides_the_server(), 0u);
        // A socket that was closed is closed for good.
        EXPECT_TRUE(round != 0 || connect("127.0.0.1", result) != 0);
    }
}

// SRS_ASYNC_CONNECT_01_011: the connection is made at the moment of the close.
TEST_F(connect_test, a_connection_that_comes_too_late_is_dropped)
{
    fake_win32::hold_callbacks();
    completed result;
    ASSERT_EQ(connect_ex("127.0.0.1", result), 0);
    EXPECT_TRUE(fake_win32::wait_for_pending(1));
    std::thread closer([&] { async_socket_close(socket.get()); });
    EXPECT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 1));
    fake_win32::deliver_completions();
    closer.join();
    EXPECT_EQ(result.status(), ASYNC_STATUS_CLOSED);
    EXPECT_EQ(sockets_besides_the_server(), 0u);
    EXPECT_EQ(live().ios, 0u);
    EXPECT_EQ(live().environments, 0u);
}

// SRS_ASYNC_CONNECT_01_011, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(connect_test, close_and_destroy_in_its_callback)
{
    const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
    engine.reset(execution_engine_create(&one_thread));
    for (const bool destroys : {false, true}) {
        socket.reset(async_socket_create(engine.get()));
        std::string room(4, '\0');
        completed received;
        opened_outcome result([&] {
            EXPECT_EQ(receive_ex(socket.get(), room, received), 0);
            if (destroys) {
                socket.reset();
            } else {
                async_socket_close(socket.get());
            }
            EXPECT_EQ(received.count(), 1);
        });
        ASSERT_EQ(connect("127.0.0.1", result), 0);
        EXPECT_EQ(result.get(), ASYNC_SOCKET_OPEN_OK);
        EXPECT_EQ(received.status(), ASYNC_STATUS_CLOSED);
        accept();
    }
}

// SRS_ASYNC_CONNECT_01_011: the last reference to the engine goes with the socket.
TEST_F(connect_test, the_engine_ends_in_its_callback)
{
    for (int round = 0; round < 30; round++) {
        engine.reset(execution_engine_create(nullptr));
        socket.reset(async_socket_create(engine.get()));
        engine.reset();
        opened_outcome result([&] { socket.reset(); });
        ASSERT_EQ(connect(round % 3 == 0 ? "localhost" : round % 3 == 1 ? "127.0.0.1" : "nobody", result), 0);
        result.get();
        EXPECT_TRUE(eventually([] { return live().pools == 0 && live().timers == 0; }));
    }
}

// SRS_ASYNC_CONNECT_01_014
TEST_F(connect_test, cancel_ends_it)
{
    fake_win32::make_silent("10.0.0.1");
    completed result;
    ASSERT_EQ(connect_ex("10.0.0.1", result), 0);
    EXPECT_TRUE(fake_win32::wait_for_pending(1));
    EXPECT_EQ(async_socket_cancel(socket.get(), id), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_CANCELLED);
    completed other;
    ASSERT_EQ(connect_ex("10.0.0.1", other), 0);
    EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), id), 0);
    EXPECT_EQ(other.count(), 1);
    EXPECT_EQ(other.status(), ASYNC_STATUS_CANCELLED);
    completed last;
    ASSERT_EQ(connect_ex("127.0.0.1", last), 0);
    EXPECT_EQ(last.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_CONNECT_01_011, SRS_ASYNC_CONNECT_01_014: also where the system misses the first cancels, as Wine does.
TEST_F(connect_test, cancel_and_close_end_it_although_the_system_misses_them_at_first)
{
    fake_win32::make_silent("10.0.0.1");
    completed cancelled;
    ASSERT_EQ(connect_ex("10.0.0.1", cancelled), 0);
    EXPECT_TRUE(fake_win32::wait_for_pending(1));
    fake_win32::miss_cancels(2);
    EXPECT_EQ(async_socket_cancel(socket.get(), id), 0);
    EXPECT_EQ(cancelled.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_GE(count_of(api::CancelIoEx), 3u);
    completed closed;
    ASSERT_EQ(connect_ex("10.0.0.1", closed), 0);
    EXPECT_TRUE(fake_win32::wait_for_pending(1));
    fake_win32::miss_cancels(1);
    async_socket_close(socket.get());
    EXPECT_EQ(closed.count(), 1);
    EXPECT_EQ(closed.status(), ASYNC_STATUS_CLOSED);
}

// SRS_ASYNC_CONNECT_01_014: a connection that is made wins.
TEST_F(connect_test, a_connection_wins_against_cancel)
{
    fake_win32::hold_callbacks();
    completed result;
    ASSERT_EQ(connect_ex("127.0.0.1", result), 0);
    EXPECT_TRUE(fake_win32::wait_for_pending(1));
    EXPECT_EQ(async_socket_cancel(socket.get(), id), 0);
    EXPECT_TRUE(fake_win32::wait_for_calls(api::CancelIoEx, 1));
    fake_win32::deliver_completions();
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_CONNECT_01_005, SRS_ASYNC_CONNECT_01_011, SRS_ASYNC_CONNECT_01_014
TEST_F(connect_test, close_cancel_and_time_race_with_the_connection)
{
    fake_win32::set_host("mixed", {"::2", "127.0.0.1", "::1"});
    for (unsigned round = 0; round < 150; round++) {
        owned_engine own(execution_engine_create(nullptr));
        owned_socket connecting(async_socket_create(own.get()));
        completed result;
        ASYNC_OPERATION_ID own_id = 0;
        ASSERT_EQ(async_socket_connect_ex_async(connecting.get(), round % 2 == 0 ? "mixed" : "127.0.0.1", server.port,
                                                round % 5 == 0 ? 1 : ASYNC_NO_TIMEOUT, &own_id, completed::on_complete,
                                                &result),
                  0);
        std::thread other([&] { async_socket_cancel_and_wait(connecting.get(), own_id); });
        for (unsigned i = 0; i < round % 40; i++) {
            std::this_thread::yield();
        }
        if (round % 3 == 0) {
            async_socket_close(connecting.get());
            EXPECT_EQ(result.count(), 1);
        }
        other.join();
        EXPECT_EQ(result.count(), 1);
        connecting.reset();
        own.reset();
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        while (socket_transport_accept(server.transport.get(), &accepted, 0) == SOCKET_ACCEPT_OK) {
            socket_transport_destroy(accepted);
        }
    }
}

} // namespace
