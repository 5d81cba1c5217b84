// SPDX-License-Identifier: MIT
//
// Listeners: opening, accepting, closing.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <initializer_list>
#include <string>
#include <thread>

#include "support/listening.h"

namespace {

using namespace unit;

// SRS_ASYNC_LISTENER_01_009
TEST_F(async_listener_test, hands_out_a_connected_transport)
{
    accepted_outcome result;
    ASSERT_EQ(accept(result), 0);
    EXPECT_NE(id, 0u);
    const auto peer = come();
    ASSERT_TRUE(peer);
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(result.get().bytes, 0u);
    EXPECT_NE(result.thread(), std::this_thread::get_id());
    // It is like any other: it blocks, has no event, and is nobody's by inheritance.
    EXPECT_FALSE(fake_win32::is_nonblocking(socket_of(result)));
    EXPECT_FALSE(fake_win32::has_event_selected(socket_of(result)));
    EXPECT_FALSE(fake_win32::is_inheritable(socket_of(result)));
    open_socket carrier;
    owned_socket socket(async_socket_create(engine.get()));
    open_outcome opened;
    ASSERT_EQ(async_socket_open_async(socket.get(), result.transport.get(), open_outcome::on_open, &opened), 0);
    std::string bytes = "hello";
    completed sent;
    ASSERT_EQ(send_ex(socket.get(), bytes, sent), ASYNC_SOCKET_SEND_SYNC_OK);
    EXPECT_EQ(peer->wait_for(5), "hello");
    sent.wait();
    EXPECT_EQ(result.count(), 1);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_ASYNC_LISTENER_01_009: one that waits already.
TEST_F(async_listener_test, takes_a_connection_that_is_there)
{
    const auto peer = come();
    accepted_outcome result;
    ASSERT_EQ(accept(result, 0), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    accepted_outcome none;
    ASSERT_EQ(accept(none, 0), 0);
    EXPECT_EQ(none.status(), ASYNC_STATUS_TIMED_OUT);
}

// SRS_ASYNC_LISTENER_01_010
TEST_F(async_listener_test, serves_accepts_in_their_order)
{
    accepted_outcome results[5];
    for (accepted_outcome& result : results) {
        ASSERT_EQ(accept(result), 0);
    }
    for (accepted_outcome& result : results) {
        const auto peer = come();
        EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    }
}

// SRS_ASYNC_LISTENER_01_001, SRS_ASYNC_LISTENER_01_003, SRS_ASYNC_LISTENER_01_006, SRS_ASYNC_LISTENER_01_008,
// SRS_ASYNC_LISTENER_01_014, SRS_ASYNC_LISTENER_01_015, SRS_ASYNC_LISTENER_01_016
TEST_F(async_listener_test, null_is_refused_everywhere)
{
    accepted_outcome result;
    EXPECT_EQ(async_listener_create(nullptr), nullptr);
    expect_refusal("async_listener_create", "execution_engine");
    async_listener_destroy(nullptr);
    async_listener_close(nullptr);
    EXPECT_THAT(log.take(), testing::IsEmpty());
    EXPECT_NE(async_listener_open(nullptr, server.transport.get()), 0);
    expect_refusal("async_listener_open", "async_listener");
    EXPECT_NE(async_listener_open(listener.get(), nullptr), 0);
    expect_refusal("async_listener_open", "socket_transport");
    EXPECT_NE(async_listener_accept_async(nullptr, 1, nullptr, accepted_outcome::on_accept, &result), 0);
    expect_refusal("async_listener_accept_async", "async_listener");
    EXPECT_NE(async_listener_accept_async(listener.get(), 1, nullptr, nullptr, &result), 0);
    expect_refusal("async_listener_accept_async", "on_complete");
    EXPECT_NE(async_listener_cancel(nullptr, 1), 0);
    expect_refusal("async_listener_cancel", "async_listener");
    EXPECT_NE(async_listener_cancel(listener.get(), 0), 0);
    expect_refusal("async_listener_cancel", "id");
    EXPECT_NE(async_listener_cancel_and_wait(nullptr, 1), 0);
    expect_refusal("async_listener_cancel_and_wait", "async_listener");
    EXPECT_NE(async_listener_cancel_and_wait(listener.get(), 0), 0);
    expect_refusal("async_listener_cancel_and_wait", "id");
}

// SRS_ASYNC_LISTENER_01_002, SRS_ASYNC_LISTENER_01_003
TEST_F(async_listener_test, holds_the_engine_until_it_is_destroyed)
{
    engine.reset();
    EXPECT_EQ(live().pools, 1u);
    listener.reset();
    EXPECT_EQ(live().pools, 0u);
    EXPECT_EQ(live().sockets, 0u);
}

// SRS_ASYNC_LISTENER_01_006, SRS_ASYNC_LISTENER_01_005
TEST_F(async_listener_test, refuses_what_is_not_to_be_opened)
{
    EXPECT_NE(async_listener_open(listener.get(), server.transport.get()), 0);
    expect_refusal("async_listener_open", "async_listener");
    owned_listener other(async_listener_create(engine.get()));
    EXPECT_NE(async_listener_open(other.get(), server.transport.get()), 0);
    expect_refusal("async_listener_open", "socket_transport");
    connected_transport client;
    EXPECT_NE(async_listener_open(other.get(), client.transport.get()), 0);
    expect_refusal("async_listener_open", "socket_transport");
    owned_transport not_listening(socket_transport_create_server());
    EXPECT_NE(async_listener_open(other.get(), not_listening.get()), 0);
    expect_refusal("async_listener_open", "socket_transport");
    listening_transport second;
    EXPECT_EQ(async_listener_open(other.get(), second.transport.get()), 0);
    async_listener_close(other.get());
    EXPECT_FALSE(socket_transport_is_valid_socket(second.transport.get()));
    listening_transport third;
    EXPECT_NE(async_listener_open(other.get(), third.transport.get()), 0);
    expect_refusal("async_listener_open", "async_listener");
    accepted_outcome result;
    EXPECT_NE(async_listener_accept_async(other.get(), 1, nullptr, accepted_outcome::on_accept, &result), 0);
    expect_refusal("async_listener_accept_async", "async_listener");
}

// SRS_ASYNC_LISTENER_01_006, SRS_ASYNC_LISTENER_01_005: what it was to be opened on still accepts by itself.
TEST_F(async_listener_test, opening_leaves_nothing_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        listening_transport own;
        owned_engine own_engine(execution_engine_create(nullptr));
        run.arm();
        owned_listener opening(async_listener_create(own_engine.get()));
        const int returned = opening != nullptr ? async_listener_open(opening.get(), own.transport.get()) : 1;
        EXPECT_EQ(returned != 0, run.disarm());
        EXPECT_EQ(log.take().empty(), returned == 0);
        if (returned != 0) {
            const auto peer = fake_win32::connect_from_elsewhere("127.0.0.1", own.port);
            SOCKET_TRANSPORT_HANDLE accepted = nullptr;
            EXPECT_EQ(socket_transport_accept(own.transport.get(), &accepted, 0), SOCKET_ACCEPT_OK);
            socket_transport_destroy(accepted);
        }
    });
    EXPECT_EQ(failures, 5u); // getsockname, WSAIoctl, CreateThreadpoolTimer, CreateThreadpoolIo, one allocation
}

// SRS_ASYNC_LISTENER_01_007
TEST_F(async_listener_test, close_ends_every_accept_and_waits)
{
    for (const DWORD error : std::initializer_list<DWORD>{ERROR_OPERATION_ABORTED, ERROR_NETNAME_DELETED}) {
        fake_win32::cancel_with(error);
        listening_transport own;
        owned_listener closing(async_listener_create(engine.get()));
        ASSERT_EQ(async_listener_open(closing.get(), own.transport.get()), 0);
        accepted_outcome results[3];
        for (accepted_outcome& result : results) {
            ASSERT_EQ(
                async_listener_accept_async(closing.get(), 3600'000, nullptr, accepted_outcome::on_accept, &result), 0);
        }
        async_listener_close(closing.get());
        for (accepted_outcome& result : results) {
            EXPECT_EQ(result.count(), 1);
            EXPECT_EQ(result.status(), ASYNC_STATUS_CLOSED);
        }
        EXPECT_EQ(live().sockets, 1u);
        async_listener_close(closing.get());
    }
}

// SRS_ASYNC_LISTENER_01_008, SRS_ASYNC_LISTENER_01_003
TEST_F(async_listener_test, close_and_destroy_inside_callbacks)
{
    const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
    for (const bool destroys : {false, true}) {
        owned_engine own_engine(execution_engine_create(&one_thread));
        listening_transport own;
        owned_listener closing(async_listener_create(own_engine.get()));
        own_engine.reset();
        ASSERT_EQ(async_listener_open(closing.get(), own.transport.get()), 0);
        accepted_outcome other;
        accepted_outcome result([&] {
            if (destroys) {
                closing.reset();
            } else {
                async_listener_close(closing.get());
            }
            EXPECT_EQ(other.count(), 1);
        });
        for (accepted_outcome* each : {&result, &other}) {
            ASSERT_EQ(async_listener_accept_async(closing.get(), ASYNC_NO_TIMEOUT, nullptr, accepted_outcome::on_accept,
                                                  each),
                      0);
        }
        const auto peer = fake_win32::connect_from_elsewhere("127.0.0.1", own.port);
        EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
        EXPECT_EQ(other.status(), ASYNC_STATUS_CLOSED);
    }
}

} // namespace
