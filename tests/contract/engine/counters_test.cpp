// SPDX-License-Identifier: MIT
//
// What sockets and engines count.

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "async_socket/counters.h"

#include "support/fixture.h"
#include "support/full_listener.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

class counters : public with_socket {
protected:
    [[nodiscard]] ASYNC_SOCKET_COUNTERS of_socket() const
    {
        ASYNC_SOCKET_COUNTERS counted{};
        EXPECT_EQ(async_socket_get_counters(socket.get(), &counted), 0);
        return counted;
    }

    [[nodiscard]] EXECUTION_ENGINE_COUNTERS of_engine() const
    {
        EXECUTION_ENGINE_COUNTERS counted{};
        EXPECT_EQ(execution_engine_get_counters(engine.get(), &counted), 0);
        return counted;
    }

    // Receives so many bytes, however many receives that takes; their number.
    std::uint64_t receive(std::size_t length)
    {
        std::uint64_t receives = 0;
        while (length != 0) {
            receive_ex_operation& receiving = start_receive_ex(socket.get(), length);
            EXPECT_TRUE(receiving.wait());
            EXPECT_EQ(receiving.status(), ASYNC_STATUS_OK);
            length -= receiving.transferred();
            ++receives;
        }
        return receives;
    }
};

// SRS_COUNTERS_01_001, SRS_COUNTERS_01_002
TEST_F(counters, of_a_new_socket_are_0)
{
    const socket_owner fresh(async_socket_create(engine.get()));
    ASYNC_SOCKET_COUNTERS counted{1, 1, 1, 1, 1, 1};
    ASSERT_EQ(async_socket_get_counters(fresh.get(), &counted), 0);
    EXPECT_EQ(counted.bytes_sent + counted.bytes_received + counted.sends + counted.receives + counted.errors, 0u);
    EXPECT_EQ(counted.pending, 0u);
}

// SRS_COUNTERS_01_001
TEST_F(counters, count_bytes_and_operations_of_both_kinds)
{
    std::vector<operation*> sends;
    for (std::size_t i = 0; i != 10; ++i) {
        sends.push_back(&start_send(socket.get(), pattern(100)));
        sends.push_back(&start_send_ex(socket.get(), pattern(23)));
    }
    EXPECT_EQ(receive_exactly(link.peer.get(), 1230).size(), 1230u);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(777)));
    const std::uint64_t receives = receive(777);
    for (operation* const each : sends) {
        ASSERT_TRUE(each->wait());
    }
    const ASYNC_SOCKET_COUNTERS counted = of_socket();
    EXPECT_EQ(counted.bytes_sent, 1230u);
    EXPECT_EQ(counted.sends, 20u);
    EXPECT_EQ(counted.bytes_received, 777u);
    EXPECT_EQ(counted.receives, receives);
    EXPECT_EQ(counted.errors, 0u);
}

// SRS_COUNTERS_01_002
TEST_F(counters, count_what_is_pending)
{
    for (int i = 0; i != 5; ++i) {
        start_receive_ex(socket.get(), 10);
    }
    start_receive(socket.get(), 10);
    EXPECT_EQ(of_socket().pending, 6u);
    send_ex_operation& sending = make<send_ex_operation>(pattern(10));
    std::uint32_t inside = 0;
    sending.in_callback = [&] { inside = of_socket().pending; };
    ASSERT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(inside, 7u) << "its callback has not returned";
    async_socket_close(socket.get());
    EXPECT_EQ(of_socket().pending, 0u);
}

// SRS_COUNTERS_01_002, SRS_COUNTERS_01_001
TEST_F(counters, count_what_ended_badly_as_errors)
{
    receive_ex_operation& cancelled = start_receive_ex(socket.get(), 10);
    EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), cancelled.id()), 0);
    receive_ex_operation& timed_out = start_receive_ex(socket.get(), 10, 1);
    ASSERT_TRUE(timed_out.wait());
    EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), timed_out.id()), 0);
    ASYNC_SOCKET_COUNTERS counted = of_socket();
    EXPECT_EQ(counted.receives, 2u);
    EXPECT_EQ(counted.errors, 2u);
    send_ex_operation& blocked = start_blocked_send(socket.get());
    EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), blocked.id()), 0);
    counted = of_socket();
    EXPECT_EQ(counted.sends, 1u);
    EXPECT_EQ(counted.errors, 3u);
    EXPECT_EQ(counted.bytes_sent, blocked.transferred());
}

// SRS_COUNTERS_01_002
TEST_F(counters, do_not_count_the_end_of_the_stream_as_an_error)
{
    socket_transport_disconnect(link.peer.get());
    receive_ex_operation& receiving = start_receive_ex(socket.get(), 10);
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_END_OF_STREAM);
    receive_operation& plain = start_receive(socket.get(), 10);
    ASSERT_TRUE(plain.wait());
    const ASYNC_SOCKET_COUNTERS counted = of_socket();
    EXPECT_EQ(counted.receives, 2u);
    EXPECT_EQ(counted.errors, 0u);
    EXPECT_EQ(counted.bytes_received, 0u);
}

// SRS_COUNTERS_01_002, SRS_COUNTERS_01_001: readable after the close, too.
TEST_F(counters, outlive_the_close)
{
    start_receive_ex(socket.get(), 10);
    start_receive_ex(socket.get(), 10);
    async_socket_close(socket.get());
    const ASYNC_SOCKET_COUNTERS counted = of_socket();
    EXPECT_EQ(counted.receives, 2u);
    EXPECT_EQ(counted.errors, 2u);
}

// SRS_COUNTERS_01_003
TEST_F(counters, of_null_are_refused)
{
    ASYNC_SOCKET_COUNTERS socket_counters{1, 2, 3, 4, 5, 6};
    EXPECT_NE(async_socket_get_counters(nullptr, &socket_counters), 0);
    EXPECT_NE(async_socket_get_counters(socket.get(), nullptr), 0);
    EXPECT_EQ(socket_counters.bytes_sent, 1u);
    EXPECT_EQ(socket_counters.pending, 6u);
    EXECUTION_ENGINE_COUNTERS engine_counters{1, 2, 3, 4, 5, 6, 7, 8, 9};
    EXPECT_NE(execution_engine_get_counters(nullptr, &engine_counters), 0);
    EXPECT_NE(execution_engine_get_counters(engine.get(), nullptr), 0);
    EXPECT_EQ(engine_counters.bytes_sent, 1u);
    EXPECT_EQ(engine_counters.sockets, 9u);
}

// SRS_COUNTERS_01_004
TEST_F(counters, of_the_engine_include_sockets_that_are_gone)
{
    EXPECT_EQ(of_engine().sockets, 1u);
    const EXECUTION_ENGINE_COUNTERS before = of_engine();
    {
        const connection other_link = make_connection();
        const socket_owner other = open_socket(engine.get(), other_link.local.get());
        EXPECT_EQ(of_engine().sockets, 2u);
        expect_works(other.get(), other_link.peer.get());
    }
    expect_works(socket.get(), link.peer.get());
    async_socket_close(socket.get());
    const EXECUTION_ENGINE_COUNTERS after = of_engine();
    EXPECT_EQ(after.sockets, 0u);
    EXPECT_EQ(after.bytes_sent - before.bytes_sent, 200u);
    EXPECT_EQ(after.bytes_received - before.bytes_received, 200u);
    EXPECT_EQ(after.sends - before.sends, 2u);
    EXPECT_GE(after.receives - before.receives, 2u);
    EXPECT_EQ(after.errors, before.errors);
    EXPECT_GT(after.wake_ups, 0u);
}

// SRS_COUNTERS_01_004
TEST_F(counters, of_the_engine_include_listeners_and_connects)
{
    const EXECUTION_ENGINE_COUNTERS before = of_engine();
    const listener server;
    listener_owner listening(async_listener_create(engine.get()));
    ASSERT_EQ(async_listener_open(listening.get(), server.get()), 0);
    EXPECT_EQ(of_engine().sockets, before.sockets + 1);
    accept_operation& accepting = make<accept_operation>();
    ASSERT_EQ(accepting.start(listening.get()), 0);
    socket_owner connected(async_socket_create(engine.get()));
    connect_ex_operation& connecting = make<connect_ex_operation>();
    ASSERT_EQ(connecting.start(connected.get(), "127.0.0.1", server.port()), 0);
    ASSERT_TRUE(connecting.wait());
    ASSERT_TRUE(accepting.wait());
    EXECUTION_ENGINE_COUNTERS after = of_engine();
    EXPECT_EQ(after.accepts - before.accepts, 1u);
    EXPECT_EQ(after.connects - before.connects, 1u);
    EXPECT_EQ(after.sockets, before.sockets + 2);
    const socket_owner refused(async_socket_create(engine.get()));
    connect_ex_operation& failing = make<connect_ex_operation>();
    ASSERT_EQ(failing.start(refused.get(), "127.0.0.1", port_without_listener()), 0);
    ASSERT_TRUE(failing.wait());
    EXPECT_EQ(of_engine().connects - before.connects, 1u) << "one that failed";
    connected.reset();
    listening.reset();
    EXPECT_EQ(of_engine().sockets, before.sockets);
}

// SRS_COUNTERS_01_001, SRS_COUNTERS_01_004: read while everything moves, they only grow.
TEST_F(counters, only_grow)
{
    std::thread peer([&] {
        for (int i = 0; i != 200; ++i) {
            EXPECT_TRUE(send_all(link.peer.get(), pattern(10)));
            EXPECT_EQ(receive_exactly(link.peer.get(), 10).size(), 10u);
        }
    });
    std::thread reader([&] {
        ASYNC_SOCKET_COUNTERS last{};
        EXECUTION_ENGINE_COUNTERS last_of_engine{};
        for (int i = 0; i != 2000; ++i) {
            const ASYNC_SOCKET_COUNTERS now = of_socket();
            EXPECT_GE(now.bytes_sent, last.bytes_sent);
            EXPECT_GE(now.receives, last.receives);
            last = now;
            const EXECUTION_ENGINE_COUNTERS of_all = of_engine();
            EXPECT_GE(of_all.bytes_received, last_of_engine.bytes_received);
            EXPECT_GE(of_all.wake_ups, last_of_engine.wake_ups);
            last_of_engine = of_all;
        }
    });
    for (int i = 0; i != 200; ++i) {
        receive(10);
        ASSERT_TRUE(start_send_ex(socket.get(), pattern(10)).wait());
    }
    peer.join();
    reader.join();
    EXPECT_EQ(of_socket().bytes_sent, 2000u);
    EXPECT_EQ(of_socket().bytes_received, 2000u);
}

} // namespace
} // namespace contract
