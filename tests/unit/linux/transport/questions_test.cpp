// SPDX-License-Identifier: MIT

#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <sys/socket.h>

#include "support/connection.h"
#include "support/fixture.h"
#include "support/log_capture.h"

namespace {

using testing::ElementsAre;
using transport_test::log_capture;
using transport_test::make_client;
using transport_test::make_connection;
using transport_test::make_listener;
using transport_test::raw_socket;
using transport_test::transport;

class questions : public transport_test::transport_fixture {};

// SRS_SOCKET_TRANSPORT_01_046, SRS_SOCKET_TRANSPORT_01_047
TEST_F(questions, no_transport_has_no_socket)
{
    const log_capture log;
    EXPECT_EQ(socket_transport_get_underlying_socket(nullptr), -1);
    EXPECT_FALSE(socket_transport_is_valid_socket(nullptr));
    EXPECT_THAT(log.messages(), ElementsAre("socket_transport_get_underlying_socket: socket_transport is NULL",
                                            "socket_transport_is_valid_socket: socket_transport is NULL"));
}

// SRS_SOCKET_TRANSPORT_01_046, SRS_SOCKET_TRANSPORT_01_047
TEST_F(questions, a_disconnected_transport_has_no_socket)
{
    const transport_test::connection pair = make_connection();
    EXPECT_NE(socket_transport_get_underlying_socket(pair.local.get()), -1);
    EXPECT_TRUE(socket_transport_is_valid_socket(pair.local.get()));
    socket_transport_disconnect(pair.local.get());
    EXPECT_EQ(socket_transport_get_underlying_socket(pair.local.get()), -1);
    EXPECT_FALSE(socket_transport_is_valid_socket(pair.local.get()));
}

// SRS_SOCKET_TRANSPORT_01_048
TEST_F(questions, the_local_endpoint_is_the_address_and_port_that_the_peer_sees)
{
    const transport_test::connection pair = make_connection();
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
    std::uint16_t port = 0;
    ASSERT_EQ(socket_transport_get_local_endpoint(pair.local.get(), host, sizeof host, &port), 0);
    EXPECT_STREQ(host, "127.0.0.1");

    sockaddr_in seen{};
    socklen_t length = sizeof seen;
    ASSERT_EQ(getpeername(pair.peer.get(), reinterpret_cast<sockaddr*>(&seen), &length), 0);
    EXPECT_EQ(port, ntohs(seen.sin_port));
}

// SRS_SOCKET_TRANSPORT_01_048
TEST_F(questions, the_local_endpoint_may_be_one_of_ipv6)
{
    if (!transport_test::machine_has_ipv6()) {
        GTEST_SKIP() << "no IPv6 on this machine";
    }
    const transport server = make_listener("::1");
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
    std::uint16_t port = 0;
    ASSERT_EQ(socket_transport_get_local_endpoint(server.get(), host, sizeof host, &port), 0);
    EXPECT_STREQ(host, "::1");
    EXPECT_NE(port, 0);
}

// A link-local address as long as there are, on an interface that is named by the longest number.
int tell_longest_address(int, sockaddr* address, socklen_t* length)
{
    sockaddr_in6 longest{};
    longest.sin6_family = AF_INET6;
    longest.sin6_scope_id = UINT32_MAX;
    inet_pton(AF_INET6, "fe80:1234:5678:9abc:def0:1234:5678:9abc", &longest.sin6_addr);
    std::memcpy(address, &longest, sizeof longest);
    *length = sizeof longest;
    return 0;
}

// SRS_SOCKET_TRANSPORT_01_070
TEST_F(questions, a_buffer_of_the_size_that_the_header_names_holds_an_address_with_a_zone)
{
    const transport_test::connection pair = make_connection();
    linux_faults::replace_getsockname(tell_longest_address);
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
    std::uint16_t port = 0;
    ASSERT_EQ(socket_transport_get_local_endpoint(pair.local.get(), host, sizeof host, &port), 0);
    EXPECT_STREQ(host, "fe80:1234:5678:9abc:def0:1234:5678:9abc%4294967295");
}

// SRS_SOCKET_TRANSPORT_01_049
TEST_F(questions, the_local_endpoint_is_refused_and_nothing_stored)
{
    const log_capture log;
    const transport server = make_listener();
    const transport idle = make_client();
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE] = "untouched";
    std::uint16_t port = 4711;
    EXPECT_NE(socket_transport_get_local_endpoint(nullptr, host, sizeof host, &port), 0);
    EXPECT_NE(socket_transport_get_local_endpoint(server.get(), nullptr, sizeof host, &port), 0);
    EXPECT_NE(socket_transport_get_local_endpoint(server.get(), host, sizeof host, nullptr), 0);
    EXPECT_NE(socket_transport_get_local_endpoint(server.get(), host, std::strlen("127.0.0.1"), &port), 0);
    EXPECT_NE(socket_transport_get_local_endpoint(idle.get(), host, sizeof host, &port), 0);
    EXPECT_STREQ(host, "untouched");
    EXPECT_EQ(port, 4711);
    const std::string function = "socket_transport_get_local_endpoint: ";
    EXPECT_THAT(log.messages(), ElementsAre(function + "socket_transport is NULL", function + "host is NULL",
                                            function + "port is NULL", function + "size is too small for the address",
                                            function + "socket_transport is neither connected nor listening"));
    EXPECT_EQ(socket_transport_get_local_endpoint(server.get(), host, sizeof "127.0.0.1", &port), 0);
}

// SRS_SOCKET_TRANSPORT_01_049
TEST_F(questions, a_stream_socket_of_another_kind_has_no_address_and_port)
{
    int ends[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    const raw_socket other(ends[1]);
    const transport made(socket_transport_create_from_socket(ends[0]));
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE] = "untouched";
    std::uint16_t port = 4711;
    EXPECT_NE(socket_transport_get_local_endpoint(made.get(), host, sizeof host, &port), 0);
    EXPECT_STREQ(host, "untouched");
    EXPECT_EQ(port, 4711);
}

// SRS_SOCKET_TRANSPORT_01_050
TEST_F(questions, every_value_has_its_name)
{
    EXPECT_STREQ(socket_accept_result_to_string(SOCKET_ACCEPT_NO_CONNECTION), "SOCKET_ACCEPT_NO_CONNECTION");
    EXPECT_STREQ(socket_send_result_to_string(SOCKET_SEND_FAILED), "SOCKET_SEND_FAILED");
    EXPECT_STREQ(socket_receive_result_to_string(SOCKET_RECEIVE_WOULD_BLOCK), "SOCKET_RECEIVE_WOULD_BLOCK");
    EXPECT_STREQ(socket_type_to_string(static_cast<SOCKET_TYPE>(0)), "?");
}

} // namespace
