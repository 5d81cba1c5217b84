// SPDX-License-Identifier: MIT
//
// Connecting: where to, how it ends, and what the socket is meanwhile and afterwards.

#include <chrono>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "expected_results.h"
#include "support/fixture.h"
#include "support/full_listener.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

using namespace std::chrono_literals;

class connect : public with_engine {
protected:
    connect() : socket(async_socket_create(engine.get())) {}

    // Connects and makes use of the connection.
    void expect_connects_to(const listener& server, const char* host)
    {
        connect_operation& connecting = make<connect_operation>();
        ASSERT_EQ(connecting.start(socket.get(), host, server.port()), 0);
        const transport_owner peer = server.accept();
        ASSERT_TRUE(connecting.wait());
        EXPECT_EQ(connecting.result(), ASYNC_SOCKET_OPEN_OK);
        EXPECT_EQ(connecting.calls(), 1u);
        EXPECT_FALSE(connecting.was_called_inline());
        EXPECT_NE(connecting.thread(), std::this_thread::get_id());
        expect_works(socket.get(), peer.get());
    }

    connect_ex_operation& start_ex(const char* host, std::uint16_t port, std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT)
    {
        connect_ex_operation& connecting = make<connect_ex_operation>();
        EXPECT_EQ(connecting.start(socket.get(), host, port, timeout_ms), 0);
        return connecting;
    }

    socket_owner socket;
};

// SRS_ASYNC_CONNECT_01_005
TEST_F(connect, to_an_ipv4_address)
{
    expect_connects_to(listener(), "127.0.0.1");
}

// SRS_ASYNC_CONNECT_01_005
TEST_F(connect, to_an_ipv6_address)
{
    if (!raw_peer::machine_has_ipv6_loopback()) {
        GTEST_SKIP() << "this machine has no ::1";
    }
    expect_connects_to(listener("::1"), "::1");
}

// SRS_ASYNC_CONNECT_01_005, SRS_ASYNC_CONNECT_01_009, SRS_ASYNC_CONNECT_01_012: where the name is ::1, too, nobody
// listens there.
TEST_F(connect, to_a_name)
{
    expect_connects_to(listener(), "localhost");
}

// SRS_ASYNC_CONNECT_01_005: it is open when it is called back, and what is not its last callback is in order.
TEST_F(connect, calls_back_when_the_socket_is_open)
{
    const listener server;
    connect_operation& connecting = make<connect_operation>();
    send_ex_operation& sending = make<send_ex_operation>(pattern(100));
    connecting.in_callback = [&] { EXPECT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK); };
    ASSERT_EQ(connecting.start(socket.get(), "127.0.0.1", server.port()), 0);
    const transport_owner peer = server.accept();
    EXPECT_EQ(receive_exactly(peer.get(), 100), pattern(100));
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(sending.status(), ASYNC_STATUS_OK);
    EXPECT_FALSE(sending.was_called_inline());
}

// SRS_ASYNC_CONNECT_01_013, SRS_ASYNC_CONNECT_01_014
TEST_F(connect, ex_ends_with_ok_and_has_a_name)
{
    const listener server;
    connect_ex_operation& connecting = start_ex("127.0.0.1", server.port());
    const transport_owner peer = server.accept();
    ASSERT_TRUE(connecting.wait());
    EXPECT_EQ(connecting.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(connecting.system_error(), 0);
    EXPECT_EQ(connecting.transferred(), 0u);
    EXPECT_NE(connecting.id(), 0u);
    EXPECT_EQ(connecting.id_in_callback(), connecting.id());
    EXPECT_FALSE(connecting.was_called_inline());
    expect_works(socket.get(), peer.get());
}

// SRS_ASYNC_CONNECT_01_006
TEST_F(connect, where_nobody_listens_fails_and_can_be_tried_again)
{
    const std::uint16_t nobody = port_without_listener();
    for (int i = 0; i != 3; ++i) {
        connect_operation& connecting = make<connect_operation>();
        ASSERT_EQ(connecting.start(socket.get(), "127.0.0.1", nobody), 0);
        ASSERT_TRUE(connecting.wait());
        EXPECT_EQ(connecting.result(), ASYNC_SOCKET_OPEN_ERROR);
        EXPECT_FALSE(connecting.was_called_inline());
        EXPECT_EQ(new_send(pattern(1)).start(socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    }
    expect_connects_to(listener(), "127.0.0.1");
}

// SRS_ASYNC_CONNECT_01_006: with a transport, too.
TEST_F(connect, that_failed_may_be_followed_by_an_open)
{
    ASSERT_TRUE(start_ex("127.0.0.1", port_without_listener()).wait());
    const connection link = make_connection();
    ASSERT_EQ(async_socket_open_async(
                  socket.get(), link.local.get(), [](void*, ASYNC_SOCKET_OPEN_RESULT) {}, nullptr),
              0);
    expect_works(socket.get(), link.peer.get());
    socket.reset();
}

// SRS_ASYNC_CONNECT_01_013
TEST_F(connect, ex_says_why_it_failed)
{
    connect_ex_operation& refused = start_ex("127.0.0.1", port_without_listener());
    ASSERT_TRUE(refused.wait());
    EXPECT_EQ(refused.status(), ASYNC_STATUS_REFUSED);
    EXPECT_NE(refused.system_error(), 0);
    for (const char* const bad : {"256.256.256.256", "::g", "no name at all"}) {
        connect_ex_operation& nameless = start_ex(bad, 1);
        ASSERT_TRUE(nameless.wait());
        EXPECT_EQ(nameless.status(), ASYNC_STATUS_NAME_NOT_RESOLVED) << bad;
    }
}

// SRS_ASYNC_CONNECT_01_006: in the callback, again and again.
TEST_F(connect, may_be_tried_again_in_its_callback)
{
    const std::uint16_t nobody = port_without_listener();
    const listener server;
    constexpr int tries = 20;
    connect_ex_operation* all[tries];
    for (connect_ex_operation*& each : all) {
        each = &make<connect_ex_operation>();
    }
    for (int i = 0; i + 1 != tries; ++i) {
        all[i]->in_callback = [&, i] {
            EXPECT_EQ(all[i]->status(), ASYNC_STATUS_REFUSED);
            EXPECT_EQ(all[i + 1]->start(socket.get(), "127.0.0.1", i + 2 == tries ? server.port() : nobody), 0);
        };
    }
    ASSERT_EQ(all[0]->start(socket.get(), "127.0.0.1", nobody), 0);
    const transport_owner peer = server.accept();
    ASSERT_TRUE(all[tries - 1]->wait());
    EXPECT_EQ(all[tries - 1]->status(), ASYNC_STATUS_OK);
    for (const connect_ex_operation* const each : all) {
        EXPECT_EQ(each->calls(), 1u);
        EXPECT_FALSE(each->was_called_inline());
    }
    expect_works(socket.get(), peer.get());
}

// SRS_ASYNC_CONNECT_01_007
TEST_F(connect, that_nobody_answers_ends_at_its_time)
{
    const full_listener silent;
    connect_ex_operation& connecting = start_ex("127.0.0.1", silent.port(), 100);
    ASSERT_TRUE(connecting.wait());
    EXPECT_EQ(connecting.status(), ASYNC_STATUS_TIMED_OUT);
    EXPECT_GE(connecting.took(), 100ms);
    connect_operation& plain = make<connect_operation>();
    ASSERT_EQ(plain.start(socket.get(), "127.0.0.1", silent.port(), 50), 0);
    ASSERT_TRUE(plain.wait());
    EXPECT_EQ(plain.result(), ASYNC_SOCKET_OPEN_ERROR);
    expect_connects_to(listener(), "127.0.0.1");
}

// SRS_ASYNC_CONNECT_01_004
TEST_F(connect, under_way_is_neither_open_nor_to_be_opened)
{
    const full_listener silent;
    const connection link = make_connection();
    connect_ex_operation& connecting = start_ex("127.0.0.1", silent.port());
    EXPECT_NE(make<connect_operation>().start(socket.get(), "127.0.0.1", silent.port()), 0);
    EXPECT_NE(make<connect_ex_operation>().start(socket.get(), "127.0.0.1", silent.port()), 0);
    EXPECT_NE(async_socket_open_async(
                  socket.get(), link.local.get(), [](void*, ASYNC_SOCKET_OPEN_RESULT) { ADD_FAILURE(); }, nullptr),
              0);
    EXPECT_EQ(new_send(pattern(1)).start(socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_EQ(make<send_ex_operation>(pattern(1)).start(socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_NE(new_receive(1).start(socket.get()), 0);
    EXPECT_NE(make<receive_ex_operation>(1u).start(socket.get()), 0);
    EXPECT_NE(make<shutdown_operation>().start(socket.get()), 0);
    EXPECT_FALSE(connecting.is_done());
    EXPECT_TRUE(socket_transport_is_valid_socket(link.local.get())) << "it is still the caller's";
    socket.reset();
    EXPECT_EQ(connecting.calls(), 1u);
}

// SRS_ASYNC_CONNECT_01_003
TEST_F(connect, of_a_socket_that_is_or_was_open_is_refused)
{
    const listener server;
    expect_connects_to(server, "127.0.0.1");
    EXPECT_NE(make<connect_operation>().start(socket.get(), "127.0.0.1", server.port()), 0);
    async_socket_close(socket.get());
    EXPECT_NE(make<connect_ex_operation>().start(socket.get(), "127.0.0.1", server.port()), 0);
}

// SRS_ASYNC_CONNECT_01_003
TEST_F(connect, of_a_socket_with_a_transport_of_the_programs_own_is_refused)
{
    if (!expected::own_transport_is_offered) {
        GTEST_SKIP() << "this platform does not offer it";
    }
    const listener server;
    const socket_owner own(async_socket_create_with_transport(
        engine.get(), [](void*, ASYNC_SOCKET_HANDLE, const void*, std::size_t) { return -1; }, nullptr,
        [](void*, ASYNC_SOCKET_HANDLE, void*, std::size_t) { return -1; }, nullptr));
    ASSERT_TRUE(own);
    EXPECT_NE(make<connect_operation>().start(own.get(), "127.0.0.1", server.port()), 0);
    EXPECT_NE(make<connect_ex_operation>().start(own.get(), "localhost", server.port()), 0);
}

// SRS_ASYNC_CONNECT_01_014
TEST_F(connect, that_is_cancelled_says_so_and_can_be_tried_again)
{
    const full_listener silent;
    for (const char* const host : {"127.0.0.1", "localhost"}) {
        connect_ex_operation& connecting = start_ex(host, silent.port());
        EXPECT_EQ(async_socket_cancel(socket.get(), connecting.id()), 0);
        ASSERT_TRUE(connecting.wait());
        EXPECT_EQ(connecting.status(), ASYNC_STATUS_CANCELLED);
        connect_ex_operation& again = start_ex(host, silent.port(), 3'600'000);
        EXPECT_EQ(async_socket_cancel_and_wait(socket.get(), again.id()), 0);
        ASSERT_TRUE(again.is_done());
        EXPECT_EQ(again.status(), ASYNC_STATUS_CANCELLED);
    }
    expect_connects_to(listener(), "127.0.0.1");
}

// SRS_ASYNC_CONNECT_01_014: with the connection made at the same moment, it is OK or CANCELLED, and nothing between.
TEST_F(connect, races_its_cancel_to_exactly_one_end)
{
    const listener server;
    for (int round = 0; round != 200; ++round) {
        const socket_owner each(async_socket_create(engine.get()));
        connect_ex_operation connecting;
        ASSERT_EQ(connecting.start(each.get(), round % 2 == 0 ? "127.0.0.1" : "localhost", server.port()), 0);
        for (int spin = 0; spin != round % 20; ++spin) {
            std::this_thread::yield();
        }
        EXPECT_EQ(async_socket_cancel_and_wait(each.get(), connecting.id()), 0);
        ASSERT_TRUE(connecting.is_done());
        EXPECT_EQ(connecting.calls(), 1u);
        if (connecting.status() == ASYNC_STATUS_OK) {
            // Of those that were given up, some are in the backlog before it.
            transport_owner peer = server.accept();
            ASSERT_EQ(new_send(pattern(1)).start(each.get()), ASYNC_SOCKET_SEND_SYNC_OK);
        } else {
            ASSERT_EQ(connecting.status(), ASYNC_STATUS_CANCELLED);
            EXPECT_EQ(new_send(pattern(1)).start(each.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
        }
    }
}

// SRS_ASYNC_CONNECT_01_005: many at once.
TEST_F(connect, of_many_sockets_at_once)
{
    const listener server;
    std::vector<socket_owner> sockets;
    std::vector<connect_ex_operation*> all;
    for (int i = 0; i != 50; ++i) {
        sockets.emplace_back(async_socket_create(engine.get()));
        all.push_back(&make<connect_ex_operation>());
        ASSERT_EQ(all.back()->start(sockets.back().get(), i % 2 == 0 ? "127.0.0.1" : "localhost", server.port()), 0);
    }
    for (connect_ex_operation* const each : all) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->status(), ASYNC_STATUS_OK);
        EXPECT_EQ(each->calls(), 1u);
    }
}

} // namespace
} // namespace contract
