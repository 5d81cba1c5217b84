// SPDX-License-Identifier: MIT
//
// socket_transport_listen, _listen_at and _get_local_endpoint.

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "expected_results.h"
#include "support/connection.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

constexpr std::uint32_t long_wait_ms = 30000;
constexpr std::size_t host_size = SOCKET_TRANSPORT_ADDRESS_SIZE;

struct endpoint {
    std::string host;
    std::uint16_t port = 0;
};

endpoint local_endpoint(SOCKET_TRANSPORT_HANDLE transport)
{
    std::array<char, host_size> host{};
    endpoint result;
    EXPECT_EQ(socket_transport_get_local_endpoint(transport, host.data(), host.size(), &result.port), 0);
    result.host = host.data();
    return result;
}

bool reaches(const char* address, std::uint16_t port, SOCKET_TRANSPORT_HANDLE server)
{
    const transport_owner client(socket_transport_create_client());
    if (socket_transport_connect(client.get(), address, port, long_wait_ms) != 0) {
        return false;
    }
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    const bool result = socket_transport_accept(server, &accepted, long_wait_ms) == SOCKET_ACCEPT_OK;
    socket_transport_destroy(accepted);
    return result;
}

// Listens on every interface at a port that was free a moment ago; another program may be quicker, so a few are tried.
std::uint16_t listen_on_every_interface(SOCKET_TRANSPORT_HANDLE server)
{
    for (int i = 0; i != 20; ++i) {
        const std::uint16_t port = port_without_listener();
        if (socket_transport_listen(server, port) == 0) {
            return port;
        }
    }
    return 0;
}

class listening : public ::testing::Test {
protected:
    transport_owner server{socket_transport_create_server()};
};

// SRS_SOCKET_TRANSPORT_01_003, SRS_SOCKET_TRANSPORT_01_021, SRS_SOCKET_TRANSPORT_01_047, SRS_SOCKET_TRANSPORT_01_048
TEST_F(listening, at_port_0_the_system_picks_a_port)
{
    EXPECT_FALSE(socket_transport_is_valid_socket(server.get()));
    ASSERT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    EXPECT_TRUE(socket_transport_is_valid_socket(server.get()));
    EXPECT_NE(socket_transport_get_underlying_socket(server.get()), raw_peer::none());
    const endpoint bound = local_endpoint(server.get());
    EXPECT_EQ(bound.host, "127.0.0.1");
    EXPECT_NE(bound.port, 0);
    EXPECT_TRUE(reaches("127.0.0.1", bound.port, server.get()));
}

// SRS_SOCKET_TRANSPORT_01_021
TEST_F(listening, at_a_given_port)
{
    bool listens = false;
    std::uint16_t port = 0;
    for (int i = 0; i != 20 && !listens; ++i) {
        port = port_without_listener();
        listens = socket_transport_listen_at(server.get(), "127.0.0.1", port) == 0;
    }
    ASSERT_TRUE(listens);
    EXPECT_EQ(local_endpoint(server.get()).port, port);
    EXPECT_TRUE(reaches("127.0.0.1", port, server.get()));
}

// SRS_SOCKET_TRANSPORT_01_021, SRS_SOCKET_TRANSPORT_01_048
TEST_F(listening, at_an_ipv6_address)
{
    if (!raw_peer::machine_has_ipv6_loopback()) {
        GTEST_SKIP() << "this machine has no ::1";
    }
    ASSERT_EQ(socket_transport_listen_at(server.get(), "::1", 0), 0);
    const endpoint bound = local_endpoint(server.get());
    EXPECT_EQ(bound.host, "::1");
    EXPECT_TRUE(reaches("::1", bound.port, server.get()));
}

// SRS_SOCKET_TRANSPORT_01_019
TEST_F(listening, on_every_interface_takes_ipv4)
{
    const std::uint16_t port = listen_on_every_interface(server.get());
    ASSERT_NE(port, 0);
    EXPECT_TRUE(reaches("127.0.0.1", port, server.get()));
}

// SRS_SOCKET_TRANSPORT_01_019
TEST_F(listening, on_every_interface_takes_ipv6_too_in_one_socket)
{
    if (!raw_peer::machine_has_ipv6_loopback()) {
        GTEST_SKIP() << "this machine has no ::1";
    }
    const std::uint16_t port = listen_on_every_interface(server.get());
    ASSERT_NE(port, 0);
    EXPECT_TRUE(reaches("::1", port, server.get()));
    EXPECT_TRUE(reaches("127.0.0.1", port, server.get()));
}

// SRS_SOCKET_TRANSPORT_01_020, SRS_SOCKET_TRANSPORT_WIN32_01_003
TEST_F(listening, at_a_port_in_use_fails_and_can_be_tried_again)
{
    const listener first;
    EXPECT_NE(socket_transport_listen_at(server.get(), "127.0.0.1", first.port()), 0);
    EXPECT_FALSE(socket_transport_is_valid_socket(server.get()));
    EXPECT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    EXPECT_TRUE(reaches("127.0.0.1", local_endpoint(server.get()).port, server.get()));
    EXPECT_TRUE(reaches("127.0.0.1", first.port(), first.get()));
}

// SRS_SOCKET_TRANSPORT_01_018
TEST_F(listening, twice_fails_and_leaves_the_first)
{
    ASSERT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    const std::uint16_t port = local_endpoint(server.get()).port;
    EXPECT_NE(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    EXPECT_NE(socket_transport_listen(server.get(), port_without_listener()), 0);
    EXPECT_EQ(local_endpoint(server.get()).port, port);
    EXPECT_TRUE(reaches("127.0.0.1", port, server.get()));
}

// SRS_SOCKET_TRANSPORT_01_018
TEST_F(listening, after_a_disconnect_fails)
{
    ASSERT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    socket_transport_disconnect(server.get());
    EXPECT_FALSE(socket_transport_is_valid_socket(server.get()));
    EXPECT_NE(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);

    const transport_owner never_listening(socket_transport_create_server());
    socket_transport_disconnect(never_listening.get());
    EXPECT_NE(socket_transport_listen_at(never_listening.get(), "127.0.0.1", 0), 0);
}

// SRS_SOCKET_TRANSPORT_01_007, SRS_SOCKET_TRANSPORT_01_024
TEST_F(listening, ends_with_the_transport)
{
    ASSERT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    const std::uint16_t port = local_endpoint(server.get()).port;
    server.reset();
    const transport_owner client(socket_transport_create_client());
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", port, long_wait_ms), 0);
}

// SRS_SOCKET_TRANSPORT_01_048
TEST_F(listening, and_connected_ends_tell_their_endpoints)
{
    const listener there;
    const transport_owner client(socket_transport_create_client());
    ASSERT_EQ(socket_transport_connect(client.get(), "127.0.0.1", there.port(), long_wait_ms), 0);
    const transport_owner accepted = there.accept();
    EXPECT_EQ(local_endpoint(accepted.get()).host, "127.0.0.1");
    EXPECT_EQ(local_endpoint(accepted.get()).port, there.port());
    EXPECT_EQ(local_endpoint(client.get()).host, "127.0.0.1");
    EXPECT_NE(local_endpoint(client.get()).port, 0);
}

// SRS_SOCKET_TRANSPORT_01_046, SRS_SOCKET_TRANSPORT_01_047, SRS_SOCKET_TRANSPORT_01_049
TEST_F(listening, after_a_disconnect_there_is_no_socket_and_no_endpoint)
{
    connection link = make_connection();
    socket_transport_disconnect(link.local.get());
    std::array<char, host_size> host{'x'};
    std::uint16_t port = 7;
    EXPECT_EQ(socket_transport_get_underlying_socket(link.local.get()), raw_peer::none());
    EXPECT_FALSE(socket_transport_is_valid_socket(link.local.get()));
    EXPECT_NE(socket_transport_get_local_endpoint(link.local.get(), host.data(), host.size(), &port), 0);
    EXPECT_EQ(host[0], 'x');
    EXPECT_EQ(port, 7);
}

// SRS_SOCKET_TRANSPORT_01_060
TEST_F(listening, everywhere_on_any_port_takes_ipv4_too)
{
    std::int32_t error = -1;
    ASSERT_EQ(socket_transport_listen_ex(server.get(), nullptr, 0, &error), 0);
    EXPECT_EQ(error, 0);
    EXPECT_TRUE(reaches("127.0.0.1", local_endpoint(server.get()).port, server.get()));
}

// SRS_SOCKET_TRANSPORT_01_060
TEST_F(listening, tells_why_it_cannot)
{
    ASSERT_EQ(socket_transport_listen_ex(server.get(), "127.0.0.1", 0, nullptr), 0);
    const transport_owner second(socket_transport_create_server());
    std::int32_t error = 0;
    EXPECT_NE(socket_transport_listen_ex(second.get(), "127.0.0.1", local_endpoint(server.get()).port, &error), 0);
    EXPECT_EQ(error, expected::address_in_use);
    EXPECT_NE(socket_transport_listen_ex(second.get(), "localhost", 0, &error), 0);
    EXPECT_EQ(error, expected::invalid_argument);
    EXPECT_NE(socket_transport_listen_ex(nullptr, nullptr, 0, &error), 0);
    EXPECT_EQ(error, 0);
}

} // namespace
} // namespace contract
