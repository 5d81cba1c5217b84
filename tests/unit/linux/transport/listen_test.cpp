// SPDX-License-Identifier: MIT

#include <netinet/in.h>
#include <sys/socket.h>

#include "support/connection.h"
#include "support/fixture.h"
#include "support/log_capture.h"

namespace {

using linux_faults::api;
using testing::ElementsAre;
using testing::HasSubstr;
using transport_test::free_port;
using transport_test::log_capture;
using transport_test::make_client;
using transport_test::make_listener;
using transport_test::make_server;
using transport_test::port_of;
using transport_test::raw_socket;
using transport_test::transport;

class listen_transport : public transport_test::transport_fixture {};

int option_of(const transport& bound, int level, int option)
{
    const linux_faults::exempt scope;
    int value = -1;
    socklen_t size = sizeof value;
    ::getsockopt(socket_transport_get_underlying_socket(bound.get()), level, option, &value, &size);
    return value;
}

// A server that listens everywhere, on a port that was free a moment ago. Somebody else may have taken it since.
transport make_listener_everywhere()
{
    transport server = make_server();
    for (int attempt = 0; attempt < 20; ++attempt) {
        if (socket_transport_listen(server.get(), free_port()) == 0) {
            break;
        }
    }
    return server;
}

bool accepts_one(const transport& server)
{
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    const bool result = socket_transport_accept(server.get(), &accepted, UINT32_MAX) == SOCKET_ACCEPT_OK;
    socket_transport_destroy(accepted);
    return result;
}

// SRS_SOCKET_TRANSPORT_01_016, SRS_SOCKET_TRANSPORT_01_017, SRS_SOCKET_TRANSPORT_01_022
TEST_F(listen_transport, refuses_what_is_null_or_0)
{
    const log_capture log;
    const transport server = make_server();
    EXPECT_NE(socket_transport_listen(nullptr, 1), 0);
    EXPECT_NE(socket_transport_listen(server.get(), 0), 0);
    EXPECT_NE(socket_transport_listen_at(nullptr, "127.0.0.1", 0), 0);
    EXPECT_NE(socket_transport_listen_at(server.get(), nullptr, 0), 0);
    EXPECT_THAT(log.messages(),
                ElementsAre("socket_transport_listen: socket_transport is NULL", "socket_transport_listen: port is 0",
                            "socket_transport_listen_at: socket_transport is NULL",
                            "socket_transport_listen_at: address is NULL"));
}

// SRS_SOCKET_TRANSPORT_01_018
TEST_F(listen_transport, refuses_a_client)
{
    const transport client = make_client();
    EXPECT_NE(socket_transport_listen(client.get(), 1), 0);
    EXPECT_NE(socket_transport_listen_at(client.get(), "127.0.0.1", 0), 0);
    EXPECT_EQ(linux_faults::calls(api::socket), 0U);
}

// SRS_SOCKET_TRANSPORT_01_018
TEST_F(listen_transport, refuses_a_second_time_and_goes_on_listening)
{
    const transport server = make_listener();
    const std::uint16_t port = port_of(server);
    EXPECT_NE(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    EXPECT_EQ(port_of(server), port);
    const raw_socket peer = raw_socket::connected_to(port);
    EXPECT_TRUE(accepts_one(server));
}

// SRS_SOCKET_TRANSPORT_01_018
TEST_F(listen_transport, refuses_a_transport_that_was_disconnected)
{
    const transport server = make_server();
    socket_transport_disconnect(server.get());
    EXPECT_NE(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    EXPECT_EQ(linux_faults::calls(api::socket), 0U);
}

// SRS_SOCKET_TRANSPORT_01_019
TEST_F(listen_transport, listens_for_both_families_in_one_socket)
{
    if (!transport_test::machine_has_ipv6()) {
        GTEST_SKIP() << "no IPv6 on this machine";
    }
    const std::size_t before = linux_faults::open_descriptors();
    const transport server = make_listener_everywhere();
    EXPECT_EQ(linux_faults::open_descriptors(), before + 2);
    const raw_socket over_v4 = raw_socket::connected_to(port_of(server), "127.0.0.1");
    EXPECT_TRUE(accepts_one(server));
    const raw_socket over_v6 = raw_socket::connected_to(port_of(server), "::1");
    EXPECT_TRUE(accepts_one(server));
}

// SRS_SOCKET_TRANSPORT_01_019
TEST_F(listen_transport, listens_for_ipv4_where_the_machine_has_no_ipv6)
{
    for (const auto& [call, error] : {std::pair(api::socket, EAFNOSUPPORT), std::pair(api::bind, EADDRNOTAVAIL)}) {
        const log_capture log;
        linux_faults::fail_nth(call, 1, error);
        const transport server = make_server();
        ASSERT_EQ(socket_transport_listen(server.get(), free_port()), 0);
        EXPECT_EQ(linux_faults::failures(call), 1U);
        linux_faults::reset();
        EXPECT_EQ(option_of(server, SOL_SOCKET, SO_DOMAIN), AF_INET);
        EXPECT_THAT(log.messages(), ElementsAre());
    }
}

// SRS_SOCKET_TRANSPORT_01_019
TEST_F(listen_transport, does_not_take_a_refusal_for_a_machine_without_ipv6)
{
    linux_faults::fail_nth(api::bind, 1, EACCES);
    const transport server = make_server();
    EXPECT_NE(socket_transport_listen(server.get(), free_port()), 0);
}

// SRS_SOCKET_TRANSPORT_01_020, SRS_ASYNC_SOCKET_LOG_01_010
TEST_F(listen_transport, can_be_tried_again_where_the_port_is_in_use)
{
    const log_capture log;
    const transport first = make_listener();
    const transport server = make_server();
    EXPECT_NE(socket_transport_listen_at(server.get(), "127.0.0.1", port_of(first)), 0);
    EXPECT_THAT(log.messages(), ElementsAre(HasSubstr("socket_transport_listen_at: bind 127.0.0.1:" +
                                                      std::to_string(port_of(first)) + " failed: ")));
    EXPECT_FALSE(socket_transport_is_valid_socket(server.get()));
    EXPECT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
}

// SRS_SOCKET_TRANSPORT_01_021
TEST_F(listen_transport, picks_a_port_of_its_own_on_one_address)
{
    const transport server = make_listener("127.0.0.1");
    EXPECT_NE(port_of(server), 0);
    EXPECT_THROW(raw_socket::connected_to(port_of(server), "127.0.0.2"), std::runtime_error);
}

// SRS_SOCKET_TRANSPORT_01_022
TEST_F(listen_transport, refuses_what_is_no_numeric_address)
{
    const log_capture log;
    const transport server = make_server();
    EXPECT_NE(socket_transport_listen_at(server.get(), "localhost", 0), 0);
    EXPECT_NE(socket_transport_listen_at(server.get(), "", 0), 0);
    EXPECT_THAT(log.messages(),
                ElementsAre(HasSubstr("getaddrinfo \"localhost\" failed: "), HasSubstr("getaddrinfo \"\" failed: ")));
}

// SRS_SOCKET_TRANSPORT_LINUX_01_004
TEST_F(listen_transport, a_server_that_is_started_again_does_not_wait_for_its_old_connections)
{
    transport server = make_listener();
    const std::uint16_t port = port_of(server);
    raw_socket peer = raw_socket::connected_to(port);
    // The server's side ends the connection first, and its side of it is what lingers on the port.
    ASSERT_TRUE(accepts_one(server));
    ASSERT_TRUE(peer.ends());
    peer.close();
    server.reset();
    server = make_server();
    EXPECT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", port), 0);
}

// SRS_SOCKET_TRANSPORT_LINUX_01_005
TEST_F(listen_transport, an_ipv6_address_is_listened_on_for_ipv6_only)
{
    if (!transport_test::machine_has_ipv6()) {
        GTEST_SKIP() << "no IPv6 on this machine";
    }
    const transport server = make_listener("::");
    EXPECT_EQ(option_of(server, IPPROTO_IPV6, IPV6_V6ONLY), 1);
    EXPECT_THROW(raw_socket::connected_to(port_of(server), "127.0.0.1"), std::runtime_error);
}

} // namespace
