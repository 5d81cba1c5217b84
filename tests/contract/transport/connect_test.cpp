// SPDX-License-Identifier: MIT
//
// socket_transport_connect and create_from_socket.

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/connection.h"
#include "support/event.h"
#include "support/fixture.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

constexpr std::uint32_t long_connect_ms = 30000;

class connecting : public ::testing::Test {
protected:
    void expect_connects_to(const listener& server, const char* hostname)
    {
        ASSERT_EQ(socket_transport_connect(client.get(), hostname, server.port(), long_connect_ms), 0);
        EXPECT_TRUE(socket_transport_is_valid_socket(client.get()));
        const transport_owner accepted = server.accept();
        ASSERT_TRUE(send_all(client.get(), pattern(100)));
        EXPECT_EQ(receive_exactly(accepted.get(), 100), pattern(100));
        ASSERT_TRUE(send_all(accepted.get(), pattern(100)));
        EXPECT_EQ(receive_exactly(client.get(), 100), pattern(100));
    }

    transport_owner client{socket_transport_create_client()};
};

// SRS_SOCKET_TRANSPORT_01_001, SRS_SOCKET_TRANSPORT_01_013, SRS_SOCKET_TRANSPORT_01_014
TEST_F(connecting, to_an_ipv4_address)
{
    expect_connects_to(listener(), "127.0.0.1");
}

// SRS_SOCKET_TRANSPORT_01_012, SRS_SOCKET_TRANSPORT_01_014
TEST_F(connecting, to_an_ipv6_address)
{
    if (!raw_peer::machine_has_ipv6_loopback()) {
        GTEST_SKIP() << "this machine has no ::1";
    }
    expect_connects_to(listener("::1"), "::1");
}

// SRS_SOCKET_TRANSPORT_01_012, SRS_SOCKET_TRANSPORT_01_013
TEST_F(connecting, to_a_name_tries_each_of_its_addresses)
{
    // Where the name is ::1 first, nobody listens there.
    expect_connects_to(listener(), "localhost");
}

// SRS_SOCKET_TRANSPORT_01_015, SRS_SOCKET_TRANSPORT_01_047
TEST_F(connecting, is_refused_where_nobody_listens_and_can_be_tried_again)
{
    const std::uint16_t nobody = port_without_listener();
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", nobody, long_connect_ms), 0);
    EXPECT_FALSE(socket_transport_is_valid_socket(client.get()));
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", nobody, long_connect_ms), 0);
    expect_connects_to(listener(), "127.0.0.1");
}

// SRS_SOCKET_TRANSPORT_01_015, SRS_SOCKET_TRANSPORT_01_012
TEST_F(connecting, fails_for_what_does_not_resolve_and_can_be_tried_again)
{
    const listener server;
    for (const char* const bad : {"256.256.256.256", "::g", "no name at all"}) {
        EXPECT_NE(socket_transport_connect(client.get(), bad, server.port(), long_connect_ms), 0) << bad;
        EXPECT_FALSE(socket_transport_is_valid_socket(client.get()));
    }
    expect_connects_to(server, "127.0.0.1");
}

// SRS_SOCKET_TRANSPORT_01_011
TEST_F(connecting, fails_where_it_is_connected_already_and_leaves_the_connection)
{
    const listener server;
    const listener another;
    ASSERT_EQ(socket_transport_connect(client.get(), "127.0.0.1", server.port(), long_connect_ms), 0);
    const transport_owner accepted = server.accept();
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", another.port(), long_connect_ms), 0);
    EXPECT_NE(socket_transport_connect(accepted.get(), "127.0.0.1", another.port(), long_connect_ms), 0);
    ASSERT_TRUE(send_all(client.get(), pattern(100)));
    EXPECT_EQ(receive_exactly(accepted.get(), 100), pattern(100));
}

// SRS_SOCKET_TRANSPORT_01_011, SRS_SOCKET_TRANSPORT_01_024
TEST_F(connecting, fails_after_a_disconnect)
{
    const listener server;
    ASSERT_EQ(socket_transport_connect(client.get(), "127.0.0.1", server.port(), long_connect_ms), 0);
    socket_transport_disconnect(client.get());
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", server.port(), long_connect_ms), 0);

    const transport_owner never_connected(socket_transport_create_client());
    socket_transport_disconnect(never_connected.get());
    EXPECT_NE(socket_transport_connect(never_connected.get(), "127.0.0.1", server.port(), long_connect_ms), 0);
}

// SRS_SOCKET_TRANSPORT_01_011, SRS_SOCKET_TRANSPORT_01_013
TEST_F(connecting, of_several_threads_at_the_same_time_succeeds_once)
{
    for (int round = 0; round != 20; ++round) {
        const listener server;
        const transport_owner one(socket_transport_create_client());
        counter connected;
        std::vector<std::jthread> threads;
        for (int i = 0; i != 4; ++i) {
            threads.emplace_back([&] {
                if (socket_transport_connect(one.get(), "127.0.0.1", server.port(), long_connect_ms) == 0) {
                    connected.add();
                }
            });
        }
        for (std::jthread& thread : threads) {
            thread.join();
        }
        EXPECT_EQ(connected.value(), 1u);
        EXPECT_TRUE(socket_transport_is_valid_socket(one.get()));
    }
}

// SRS_SOCKET_TRANSPORT_01_004, SRS_SOCKET_TRANSPORT_01_047
TEST_F(connecting, by_another_hand_a_socket_becomes_a_connected_transport)
{
    const listener server;
    raw_peer raw(server.port());
    const transport_owner accepted = server.accept();
    const transport_owner adopted(socket_transport_create_from_socket(raw.get()));
    ASSERT_TRUE(adopted);
    SOCKET_HANDLE const socket = raw.release();
    EXPECT_EQ(socket_transport_get_underlying_socket(adopted.get()), socket);
    EXPECT_TRUE(socket_transport_is_valid_socket(adopted.get()));
    ASSERT_TRUE(send_all(adopted.get(), pattern(100)));
    EXPECT_EQ(receive_exactly(accepted.get(), 100), pattern(100));
    EXPECT_NE(socket_transport_connect(adopted.get(), "127.0.0.1", server.port(), long_connect_ms), 0);
}

// SRS_SOCKET_TRANSPORT_01_004, SRS_SOCKET_TRANSPORT_01_007
TEST_F(connecting, by_another_hand_the_socket_is_closed_with_the_transport)
{
    const listener server;
    raw_peer raw(server.port());
    const transport_owner accepted = server.accept();
    transport_owner adopted(socket_transport_create_from_socket(raw.get()));
    ASSERT_TRUE(adopted);
    raw.release();
    adopted.reset();
    EXPECT_TRUE(receive_to_end(accepted.get()).ended_in_order);
}

// SRS_SOCKET_TRANSPORT_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_F(with_engine, an_async_socket_opens_on_a_socket_made_by_another_hand)
{
    const listener server;
    raw_peer raw(server.port());
    const transport_owner accepted = server.accept();
    const transport_owner adopted(socket_transport_create_from_socket(raw.get()));
    ASSERT_TRUE(adopted);
    raw.release();
    const socket_owner socket = open_socket(engine.get(), adopted.get());
    expect_works(socket.get(), accepted.get());
}

} // namespace
} // namespace contract
