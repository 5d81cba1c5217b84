// SPDX-License-Identifier: MIT
//
// Ending a connection with a reset, and keeping it while the async socket goes.

#include <thread>

#include <gtest/gtest.h>

#include "async_socket/socket_options.h"

#include "expected_results.h"
#include "support/fixture.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

class with_raw_peer : public with_engine {
protected:
    with_raw_peer() : peer(server.port()), local(server.accept()), socket(open_socket(engine.get(), local.get())) {}

    // The peer's next receive fails.
    void expect_peer_sees_reset()
    {
        ASSERT_TRUE(peer.wait(true, false, generous_limit()).to_receive);
        bytes piece(4096);
        long more = 0;
        do {
            more = peer.receive(piece.data(), piece.size());
        } while (more > 0);
        if (!expected::reset_may_look_like_an_end_in_order) {
            EXPECT_EQ(more, -1) << "0 is an end in order";
        }
    }

    const listener server;
    raw_peer peer;
    transport_owner local;
    socket_owner socket;
};

using reset = with_raw_peer;
using release = with_raw_peer;

// SRS_ASYNC_SOCKET_EX_01_019
TEST_F(reset, shows_the_peer_a_reset)
{
    async_socket_reset(socket.get());
    EXPECT_EQ(new_send(pattern(1)).start(socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    expect_peer_sees_reset();
}

// SRS_ASYNC_SOCKET_EX_01_019
TEST_F(reset, ends_what_is_pending_as_close_does)
{
    receive_ex_operation& receiving = start_receive_ex(socket.get(), 10);
    receive_operation& plain = start_receive(socket.get(), 10);
    send_ex_operation& blocked = start_blocked_send(socket.get());
    send_ex_operation& queued = start_send_ex(socket.get(), pattern(10));
    async_socket_reset(socket.get());
    for (ex_operation* const each : {static_cast<ex_operation*>(&receiving), static_cast<ex_operation*>(&blocked),
                                     static_cast<ex_operation*>(&queued)}) {
        ASSERT_TRUE(each->is_done());
        EXPECT_EQ(each->status(), ASYNC_STATUS_CLOSED);
        EXPECT_EQ(each->calls(), 1u);
    }
    ASSERT_TRUE(plain.is_done());
    EXPECT_EQ(plain.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    expect_peer_sees_reset();
}

// SRS_ASYNC_SOCKET_EX_01_019, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(reset, is_legal_in_a_callback)
{
    receive_ex_operation& other = make<receive_ex_operation>(10u);
    send_ex_operation& sending = make<send_ex_operation>(pattern(10));
    sending.in_callback = [&] {
        EXPECT_EQ(other.start(socket.get()), 0);
        async_socket_reset(socket.get());
        EXPECT_TRUE(other.is_done());
    };
    ASSERT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(other.status(), ASYNC_STATUS_CLOSED);
    expect_peer_sees_reset();
}

// SRS_ASYNC_SOCKET_EX_01_019
TEST_F(reset, of_a_socket_that_is_not_open_does_what_close_does)
{
    async_socket_reset(nullptr);
    const socket_owner fresh(async_socket_create(engine.get()));
    async_socket_reset(fresh.get());
    const connection link = make_connection();
    ASSERT_EQ(async_socket_open_async(
                  fresh.get(), link.local.get(), [](void*, ASYNC_SOCKET_OPEN_RESULT) {}, nullptr),
              0)
        << "as close, which leaves alone what never was open";
    async_socket_close(socket.get());
    async_socket_reset(socket.get());
    bytes piece(10);
    EXPECT_EQ(peer.receive(piece.data(), piece.size()), 0) << "it was closed in order before";
}

// SRS_ASYNC_SOCKET_EX_01_020
TEST_F(release, hands_over_the_connection)
{
    receive_ex_operation& receiving = start_receive_ex(socket.get(), 10);
    receive_operation& plain = start_receive(socket.get(), 10);
    SOCKET_HANDLE released = raw_peer::none();
    if (async_socket_release(socket.get(), &released) != 0) {
        ASSERT_FALSE(expected::async_release_is_offered);
        EXPECT_FALSE(receiving.is_done()) << "the socket is as it was";
        GTEST_SKIP() << "the system keeps it";
    }
    ASSERT_NE(released, raw_peer::none());
    ASSERT_TRUE(receiving.is_done());
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_CLOSED);
    ASSERT_TRUE(plain.is_done());
    EXPECT_EQ(plain.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(new_send(pattern(1)).start(socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_FALSE(socket_transport_is_valid_socket(local.get()));
    socket.reset();
    local.reset();
    // The connection goes on.
    const transport_owner own(socket_transport_create_from_socket(released));
    ASSERT_TRUE(own);
    ASSERT_TRUE(send_all(own.get(), pattern(100)));
    bytes received(100);
    std::size_t size = 0;
    while (size != received.size()) {
        const long more = peer.receive(received.data() + size, received.size() - size);
        ASSERT_GT(more, 0);
        size += static_cast<std::size_t>(more);
    }
    EXPECT_EQ(received, pattern(100));
    ASSERT_EQ(peer.send(received.data(), received.size()), 100);
    EXPECT_EQ(receive_exactly(own.get(), 100), pattern(100));
}

// SRS_ASYNC_SOCKET_EX_01_020: with receives pending that could take them at any moment.
TEST_F(with_engine, release_leaves_in_the_socket_what_was_not_received)
{
    for (int round = 0; round != 50; ++round) {
        const listener server;
        raw_peer peer(server.port());
        const transport_owner local = server.accept();
        const socket_owner socket = open_socket(engine.get(), local.get());
        receive_ex_operation receiving(3);
        ASSERT_EQ(receiving.start(socket.get()), 0);
        std::thread sender([&] {
            const bytes data = pattern(10);
            EXPECT_EQ(peer.send(data.data(), data.size()), 10);
        });
        if (round % 2 == 0) {
            sender.join();
        }
        SOCKET_HANDLE released = raw_peer::none();
        const int result = async_socket_release(socket.get(), &released);
        if (sender.joinable()) {
            sender.join();
        }
        if (result != 0) {
            async_socket_close(socket.get());
            ASSERT_FALSE(expected::async_release_is_offered);
            continue;
        }
        ASSERT_TRUE(receiving.is_done());
        const std::size_t taken = receiving.transferred();
        EXPECT_TRUE(receiving.status() == ASYNC_STATUS_CLOSED || (receiving.status() == ASYNC_STATUS_OK && taken != 0));
        const transport_owner own(socket_transport_create_from_socket(released));
        ASSERT_TRUE(own);
        EXPECT_EQ(receive_exactly(own.get(), 10 - taken), pattern(10 - taken, taken));
    }
}

// SRS_ASYNC_SOCKET_EX_01_020: and an async socket may be opened on it again.
TEST_F(release, may_be_followed_by_another_async_socket)
{
    SOCKET_HANDLE released = raw_peer::none();
    if (async_socket_release(socket.get(), &released) != 0) {
        GTEST_SKIP() << "the system keeps it";
    }
    const transport_owner own(socket_transport_create_from_socket(released));
    ASSERT_TRUE(own);
    const socket_owner other(async_socket_create(engine.get()));
    if (async_socket_open_async(
            other.get(), own.get(), [](void*, ASYNC_SOCKET_OPEN_RESULT) {}, nullptr) != 0) {
        ASSERT_FALSE(expected::async_release_is_offered);
        GTEST_SKIP() << "the system keeps it from another pool";
    }
    receive_ex_operation& receiving = start_receive_ex(other.get(), 10);
    ASSERT_EQ(peer.send(pattern(1).data(), 1), 1);
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_SOCKET_EX_01_021
TEST_F(release, of_a_socket_that_is_not_open_is_refused)
{
    SOCKET_HANDLE released = raw_peer::none();
    const socket_owner fresh(async_socket_create(engine.get()));
    EXPECT_NE(async_socket_release(fresh.get(), &released), 0);
    EXPECT_NE(async_socket_release(nullptr, &released), 0);
    EXPECT_NE(async_socket_release(socket.get(), nullptr), 0);
    receive_ex_operation& receiving = start_receive_ex(socket.get(), 1);
    ASSERT_EQ(peer.send(pattern(1).data(), 1), 1);
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.status(), ASYNC_STATUS_OK) << "it is as it was";
    async_socket_close(socket.get());
    EXPECT_NE(async_socket_release(socket.get(), &released), 0);
    EXPECT_EQ(released, raw_peer::none());
}

// SRS_ASYNC_SOCKET_EX_01_022
TEST_F(release, get_transport_gives_the_transport_of_an_open_socket)
{
    EXPECT_EQ(async_socket_get_transport(socket.get()), local.get());
    EXPECT_EQ(async_socket_get_transport(nullptr), nullptr);
    const socket_owner connected(async_socket_create(engine.get()));
    EXPECT_EQ(async_socket_get_transport(connected.get()), nullptr);
    connect_ex_operation& connecting = make<connect_ex_operation>();
    ASSERT_EQ(connecting.start(connected.get(), "127.0.0.1", server.port()), 0);
    ASSERT_TRUE(connecting.wait());
    ASSERT_EQ(connecting.status(), ASYNC_STATUS_OK);
    SOCKET_TRANSPORT_HANDLE const own = async_socket_get_transport(connected.get());
    ASSERT_NE(own, nullptr);
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
    std::uint16_t port = 0;
    EXPECT_EQ(socket_transport_get_peer_endpoint(own, host, sizeof host, &port), 0);
    EXPECT_EQ(port, server.port());
    async_socket_close(socket.get());
    EXPECT_EQ(async_socket_get_transport(socket.get()), nullptr);
}

} // namespace
} // namespace contract
