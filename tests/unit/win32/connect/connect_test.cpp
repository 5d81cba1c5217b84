// SPDX-License-Identifier: MIT
//
// Connecting an async socket: what is accepted, and what comes of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "support/connecting.h"

namespace {

using namespace unit;

// SRS_ASYNC_CONNECT_01_005
TEST_F(connect_test, opens_the_socket_and_calls_back_on_a_thread_of_the_pool)
{
    completed sent;
    std::string bytes = "hello";
    opened_outcome result([&] { EXPECT_EQ(send_ex(socket.get(), bytes, sent), ASYNC_SOCKET_SEND_SYNC_OK); });
    ASSERT_EQ(connect("127.0.0.1", result), 0);
    EXPECT_EQ(result.get(), ASYNC_SOCKET_OPEN_OK);
    EXPECT_NE(result.thread, std::this_thread::get_id());
    EXPECT_EQ(sent.status(), ASYNC_STATUS_OK);
    const owned_transport peer = accept();
    char room[5];
    SOCKET_BUFFER buffer{5, reinterpret_cast<unsigned char*>(room)};
    std::uint32_t received = 0;
    EXPECT_EQ(socket_transport_receive(peer.get(), &buffer, 1, &received, 0, nullptr), SOCKET_RECEIVE_OK);
    EXPECT_EQ(std::string(room, received), bytes);
    EXPECT_EQ(result.count, 1);
    // A numeric address needs no thread of the process.
    EXPECT_EQ(count_of(api::TrySubmitThreadpoolCallback), 0u);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_CONNECT_01_005: never inside the call.
TEST_F(connect_test, nothing_is_called_inline)
{
    fake_win32::hold_timers();
    opened_outcome result;
    ASSERT_EQ(connect("127.0.0.1", result), 0);
    give_others_every_chance();
    EXPECT_EQ(result.count, 0);
    EXPECT_EQ(count_of(api::ConnectEx), 0u);
    fake_win32::release_timers();
    EXPECT_EQ(result.get(), ASYNC_SOCKET_OPEN_OK);
}

// SRS_ASYNC_CONNECT_01_001, SRS_ASYNC_CONNECT_01_002
TEST_F(connect_test, bad_arguments_are_refused)
{
    opened_outcome result;
    completed ex;
    const auto plain = [&](ASYNC_SOCKET_HANDLE handle, const char* host, std::uint16_t port,
                           ON_ASYNC_SOCKET_OPEN_COMPLETE callback) {
        return async_socket_connect_async(handle, host, port, 1, callback, &result);
    };
    EXPECT_NE(plain(nullptr, "localhost", 1, opened_outcome::on_open), 0);
    expect_refusal("async_socket_connect_async", "async_socket");
    EXPECT_NE(plain(socket.get(), nullptr, 1, opened_outcome::on_open), 0);
    expect_refusal("async_socket_connect_async", "host");
    EXPECT_NE(plain(socket.get(), "localhost", 1, nullptr), 0);
    expect_refusal("async_socket_connect_async", "on_open_complete");
    EXPECT_NE(plain(socket.get(), "", 1, opened_outcome::on_open), 0);
    expect_refusal("async_socket_connect_async", "host");
    EXPECT_NE(plain(socket.get(), std::string(254, 'a').c_str(), 1, opened_outcome::on_open), 0);
    expect_refusal("async_socket_connect_async", "host");
    EXPECT_NE(plain(socket.get(), "localhost", 0, opened_outcome::on_open), 0);
    expect_refusal("async_socket_connect_async", "port");
    EXPECT_NE(async_socket_connect_ex_async(socket.get(), "localhost", 1, 1, &id, nullptr, &ex), 0);
    expect_refusal("async_socket_connect_ex_async", "on_complete");
    EXPECT_EQ(id, 0u);
    EXPECT_EQ(result.count, 0);
}

// SRS_ASYNC_CONNECT_01_002
TEST_F(connect_test, the_longest_host_is_taken)
{
    completed result;
    ASSERT_EQ(connect_ex(std::string(253, 'a').c_str(), result), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_NAME_NOT_RESOLVED);
}

// SRS_ASYNC_CONNECT_01_003
TEST_F(connect_test, an_open_or_closed_socket_is_refused)
{
    opened_outcome result;
    open_socket opened;
    socket.swap(opened.socket);
    EXPECT_NE(connect("127.0.0.1", result), 0);
    expect_refusal("async_socket_connect_async", "async_socket");
    async_socket_close(socket.get());
    EXPECT_NE(connect("127.0.0.1", result), 0);
    expect_refusal("async_socket_connect_async", "async_socket");
}

// SRS_ASYNC_CONNECT_01_004
TEST_F(connect_test, meanwhile_the_socket_is_neither_open_nor_to_be_opened)
{
    fake_win32::make_silent("10.0.0.1");
    completed result;
    ASSERT_EQ(connect_ex("10.0.0.1", result), 0);
    EXPECT_TRUE(fake_win32::wait_for_calls(api::ConnectEx, 1));
    opened_outcome again;
    EXPECT_NE(connect("127.0.0.1", again), 0);
    connected_transport other;
    open_outcome opened;
    EXPECT_NE(async_socket_open_async(socket.get(), other.transport.get(), open_outcome::on_open, &opened), 0);
    std::string bytes = "x";
    outcome plain;
    completed ex;
    EXPECT_EQ(start_send(socket.get(), bytes, plain), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_EQ(send_ex(socket.get(), bytes, ex), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_NE(receive_ex(socket.get(), bytes, ex), 0);
    async_socket_close(socket.get());
    EXPECT_EQ(result.count(), 1);
    EXPECT_EQ(result.status(), ASYNC_STATUS_CLOSED);
}

// SRS_ASYNC_CONNECT_01_006, SRS_ASYNC_CONNECT_01_013
TEST_F(connect_test, a_refused_connect_can_be_tried_again_in_its_callback)
{
    const std::uint16_t port = server.port;
    server.transport.reset(socket_transport_create_server());
    completed second;
    completed first([&] {
        EXPECT_EQ(first.seen().status, ASYNC_STATUS_REFUSED);
        EXPECT_EQ(socket_transport_listen_at(server.transport.get(), "127.0.0.1", port), 0);
        EXPECT_EQ(connect_ex("127.0.0.1", second), 0);
    });
    ASSERT_EQ(connect_ex("127.0.0.1", first), 0);
    EXPECT_EQ(first.status(), ASYNC_STATUS_REFUSED);
    EXPECT_EQ(first.get().system_error, ERROR_CONNECTION_REFUSED);
    EXPECT_EQ(second.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(second.get().system_error, 0);
    EXPECT_EQ(sockets_besides_the_server(), 1u);
}

// SRS_ASYNC_CONNECT_01_006
TEST_F(connect_test, after_a_failure_the_socket_can_be_opened_or_destroyed)
{
    server.port = 1;
    opened_outcome result;
    ASSERT_EQ(connect("127.0.0.1", result), 0);
    EXPECT_EQ(result.get(), ASYNC_SOCKET_OPEN_ERROR);
    connected_transport other;
    open_outcome opened;
    EXPECT_EQ(async_socket_open_async(socket.get(), other.transport.get(), open_outcome::on_open, &opened), 0);

    socket.reset(async_socket_create(engine.get()));
    opened_outcome destroying([&] { socket.reset(); });
    ASSERT_EQ(connect("127.0.0.1", destroying), 0);
    EXPECT_EQ(destroying.get(), ASYNC_SOCKET_OPEN_ERROR);
}

// SRS_ASYNC_CONNECT_01_007
TEST_F(connect_test, ends_when_its_time_is_over)
{
    fake_win32::make_silent("10.0.0.1");
    completed result;
    ASSERT_EQ(connect_ex("10.0.0.1", result, 20), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_EQ(sockets_besides_the_server(), 0u);
    completed at_once;
    ASSERT_EQ(connect_ex("10.0.0.1", at_once, 0), 0);
    EXPECT_EQ(at_once.status(), ASYNC_STATUS_TIMED_OUT);
}

// SRS_ASYNC_CONNECT_01_006, SRS_ASYNC_CONNECT_01_013
TEST_F(connect_test, leaves_nothing_whatever_fails)
{
    for (const char* host : {"127.0.0.1", "localhost"}) {
        const std::size_t failures = for_every_fault([&](fault_run& run) {
            owned_engine own(execution_engine_create(nullptr));
            owned_socket connecting(async_socket_create(own.get()));
            completed result;
            run.arm();
            const int returned = async_socket_connect_ex_async(connecting.get(), host, server.port, ASYNC_NO_TIMEOUT,
                                                               nullptr, completed::on_complete, &result);
            if (returned == 0) {
                result.wait();
            }
            const bool has_failed = run.disarm();
            EXPECT_EQ(result.count(), returned == 0 ? 1 : 0);
            EXPECT_TRUE(has_failed || result.status() == ASYNC_STATUS_OK);
            // Whatever failed, it can be tried again, or was made good by another address.
            if (returned != 0 || result.status() != ASYNC_STATUS_OK) {
                completed again;
                ASSERT_EQ(async_socket_connect_ex_async(connecting.get(), host, server.port, ASYNC_NO_TIMEOUT, nullptr,
                                                        completed::on_complete, &again),
                          0);
                EXPECT_EQ(again.status(), ASYNC_STATUS_OK);
            }
            connecting.reset();
            log.take();
            SOCKET_TRANSPORT_HANDLE accepted = nullptr;
            while (socket_transport_accept(server.transport.get(), &accepted, 0) == SOCKET_ACCEPT_OK) {
                socket_transport_destroy(accepted);
            }
            log.take();
        });
        EXPECT_GE(failures, 10u);
    }
}

} // namespace
