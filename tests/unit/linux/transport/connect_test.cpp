// SPDX-License-Identifier: MIT

#include <chrono>
#include <string>

#include <netdb.h>
#include <sys/socket.h>

#include "support/connection.h"
#include "support/fixture.h"
#include "support/log_capture.h"

namespace {

using linux_faults::api;
using std::chrono::steady_clock;
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

class connect_transport : public transport_test::transport_fixture {};

// Resolves every name to 127.0.0.2, where these tests never listen, and then 127.0.0.1.
int resolve_to_two_addresses(const char*, const char* service, const addrinfo* hints, addrinfo** result)
{
    const int error = ::getaddrinfo("127.0.0.2", service, hints, result);
    return error != 0 ? error : ::getaddrinfo("127.0.0.1", service, hints, &(*result)->ai_next);
}

// SRS_SOCKET_TRANSPORT_01_008, SRS_SOCKET_TRANSPORT_01_009
TEST_F(connect_transport, refuses_what_is_null_or_0)
{
    const log_capture log;
    const transport client = make_client();
    EXPECT_NE(socket_transport_connect(nullptr, "127.0.0.1", 1, 0), 0);
    EXPECT_NE(socket_transport_connect(client.get(), nullptr, 1, 0), 0);
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", 0, 0), 0);
    EXPECT_THAT(log.messages(),
                ElementsAre("socket_transport_connect: socket_transport is NULL",
                            "socket_transport_connect: hostname is NULL", "socket_transport_connect: port is 0"));
}

// SRS_SOCKET_TRANSPORT_01_010
TEST_F(connect_transport, refuses_a_server)
{
    const log_capture log;
    const transport server = make_server();
    EXPECT_NE(socket_transport_connect(server.get(), "127.0.0.1", 1, 0), 0);
    EXPECT_THAT(log.messages(), ElementsAre("socket_transport_connect: socket_transport is a server transport"));
}

// SRS_SOCKET_TRANSPORT_01_012, SRS_SOCKET_TRANSPORT_01_014
TEST_F(connect_transport, connects_to_a_name)
{
    const log_capture log;
    const transport server = make_listener();
    const transport client = make_client();
    ASSERT_EQ(socket_transport_connect(client.get(), "localhost", port_of(server), UINT32_MAX), 0);
    EXPECT_TRUE(socket_transport_is_valid_socket(client.get()));
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    EXPECT_EQ(socket_transport_accept(server.get(), &accepted, UINT32_MAX), SOCKET_ACCEPT_OK);
    socket_transport_destroy(accepted);
}

// SRS_SOCKET_TRANSPORT_01_012
TEST_F(connect_transport, connects_over_ipv6)
{
    if (!transport_test::machine_has_ipv6()) {
        GTEST_SKIP() << "no IPv6 on this machine";
    }
    const transport server = make_listener("::1");
    const transport client = make_client();
    EXPECT_EQ(socket_transport_connect(client.get(), "::1", port_of(server), UINT32_MAX), 0);
}

// SRS_SOCKET_TRANSPORT_01_011
TEST_F(connect_transport, refuses_a_second_time_and_leaves_the_connection_alone)
{
    const log_capture log;
    const transport server = make_listener();
    const transport client = make_client();
    ASSERT_EQ(socket_transport_connect(client.get(), "127.0.0.1", port_of(server), UINT32_MAX), 0);
    const int socket = socket_transport_get_underlying_socket(client.get());
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", port_of(server), UINT32_MAX), 0);
    EXPECT_EQ(socket_transport_get_underlying_socket(client.get()), socket);
    EXPECT_THAT(log.messages(), ElementsAre(HasSubstr("socket_transport is connected")));
}

// SRS_SOCKET_TRANSPORT_01_011
TEST_F(connect_transport, refuses_a_transport_that_was_disconnected)
{
    const transport server = make_listener();
    const transport client = make_client();
    socket_transport_disconnect(client.get());
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", port_of(server), UINT32_MAX), 0);
    EXPECT_EQ(linux_faults::calls(api::socket), 0U);
}

// SRS_SOCKET_TRANSPORT_01_015, SRS_ASYNC_SOCKET_LOG_01_010
TEST_F(connect_transport, can_be_tried_again_after_a_refusal)
{
    const log_capture log;
    const transport client = make_client();
    const std::uint16_t port = free_port();
    ASSERT_NE(socket_transport_connect(client.get(), "127.0.0.1", port, UINT32_MAX), 0);
    const std::string address = "127.0.0.1:" + std::to_string(port);
    EXPECT_THAT(log.messages(),
                ElementsAre("socket_transport_connect: connect " + address + " failed: Connection refused (111)"));
    EXPECT_FALSE(socket_transport_is_valid_socket(client.get()));

    const transport server = make_listener();
    EXPECT_EQ(socket_transport_connect(client.get(), "127.0.0.1", port_of(server), UINT32_MAX), 0);
}

// SRS_SOCKET_TRANSPORT_01_015, SRS_ASYNC_SOCKET_LOG_01_010
TEST_F(connect_transport, fails_where_the_name_does_not_resolve)
{
    const log_capture log;
    const transport client = make_client();
    EXPECT_NE(socket_transport_connect(client.get(), "not a name", 1, UINT32_MAX), 0);
    EXPECT_THAT(log.messages(),
                ElementsAre(HasSubstr("socket_transport_connect: getaddrinfo \"not a name\" failed: ")));
}

// SRS_SOCKET_TRANSPORT_01_013
TEST_F(connect_transport, goes_on_to_the_next_address)
{
    const log_capture log;
    const transport server = make_listener();
    const transport client = make_client();
    linux_faults::replace_getaddrinfo(&resolve_to_two_addresses);
    EXPECT_EQ(socket_transport_connect(client.get(), "two", port_of(server), UINT32_MAX), 0);
    EXPECT_THAT(log.messages(), ElementsAre(HasSubstr("Connection refused")));
}

// SRS_SOCKET_TRANSPORT_01_013
TEST_F(connect_transport, goes_on_where_there_is_no_socket_for_the_first_address)
{
    const transport server = make_listener();
    const transport client = make_client();
    linux_faults::replace_getaddrinfo(&resolve_to_two_addresses);
    linux_faults::fail_nth(api::socket, 1, EAFNOSUPPORT);
    EXPECT_EQ(socket_transport_connect(client.get(), "two", port_of(server), UINT32_MAX), 0);
}

// SRS_SOCKET_TRANSPORT_01_013
TEST_F(connect_transport, gives_up_when_the_time_is_over)
{
    const log_capture log;
    const raw_socket full = raw_socket::full_listener();
    const transport client = make_client();
    const auto begin = steady_clock::now();
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", full.port(), 50), 0);
    EXPECT_GE(steady_clock::now() - begin, std::chrono::milliseconds(50));
    EXPECT_THAT(log.messages(), ElementsAre(HasSubstr(" failed: Connection timed out")));
}

// SRS_SOCKET_TRANSPORT_LINUX_01_003, SRS_SOCKET_TRANSPORT_01_013
TEST_F(connect_transport, waits_on_where_the_interrupted_call_has_begun_to_connect)
{
    const log_capture log;
    const raw_socket full = raw_socket::full_listener();
    const transport client = make_client();
    linux_faults::interrupt_after(api::connect);
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", full.port(), 20), 0);
    EXPECT_THAT(log.messages(), ElementsAre(HasSubstr(" failed: Connection timed out")));
}

// The first address takes all of the time, so that the second one is not tried.
int hang_at_first(int socket, const sockaddr* address, socklen_t length)
{
    static_cast<void>(socket);
    static_cast<void>(address);
    static_cast<void>(length);
    errno = EINPROGRESS;
    return -1;
}

int never_ready(pollfd*, nfds_t, int timeout_ms)
{
    return ::poll(nullptr, 0, timeout_ms);
}

// SRS_SOCKET_TRANSPORT_01_013
TEST_F(connect_transport, has_one_limit_for_all_addresses_together)
{
    const transport client = make_client();
    linux_faults::replace_getaddrinfo(&resolve_to_two_addresses);
    linux_faults::replace_connect(&hang_at_first);
    linux_faults::replace_poll(&never_ready);
    EXPECT_NE(socket_transport_connect(client.get(), "two", 1, 20), 0);
    EXPECT_EQ(linux_faults::calls(api::connect), 1U);
}

std::uint16_t port_to_itself = 0;

// Lets the system pick the very port that is connected to.
int connect_to_itself(int socket, const sockaddr* address, socklen_t length)
{
    if (::bind(socket, address, length) != 0) {
        return -1;
    }
    return ::connect(socket, address, length);
}

// SRS_SOCKET_TRANSPORT_LINUX_01_006
TEST_F(connect_transport, does_not_take_a_connection_to_itself_for_one)
{
    const log_capture log;
    const transport client = make_client();
    port_to_itself = free_port();
    linux_faults::replace_connect(&connect_to_itself);
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", port_to_itself, UINT32_MAX), 0);
    EXPECT_FALSE(socket_transport_is_valid_socket(client.get()));
    EXPECT_THAT(log.messages(), ElementsAre(HasSubstr(" failed: Connection refused")));
    // The port is free for a server at once, one that does not ask for its reuse included.
    const raw_socket server = raw_socket::make();
    EXPECT_TRUE(server.bind(port_to_itself));
}

} // namespace
