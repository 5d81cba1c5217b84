// SPDX-License-Identifier: MIT
//
// What the functions of socket_transport refuse.

#include <array>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "async_socket/socket_options.h"
#include "support/connection.h"
#include "support/raw_peer.h"
#include "support/refusal.h"

namespace contract {
namespace {

constexpr std::uint32_t some_time_ms = 1000;

class bad_input_of_transport : public ::testing::Test {
protected:
    transport_owner client{socket_transport_create_client()};
    transport_owner server{socket_transport_create_server()};
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    std::array<unsigned char, 8> memory{};
    SOCKET_BUFFER buffer{8, memory.data()};
    std::uint32_t number = 0;
};

// SRS_SOCKET_TRANSPORT_01_005
TEST_F(bad_input_of_transport, create_from_no_socket)
{
    expect_refused(SOCKET_TRANSPORT_HANDLE{nullptr}, "socket_transport_create_from_socket", "socket",
                   [] { return socket_transport_create_from_socket(raw_peer::none()); });
}

// SRS_SOCKET_TRANSPORT_01_006, SRS_SOCKET_TRANSPORT_01_023
TEST_F(bad_input_of_transport, destroy_and_disconnect_of_null_return)
{
    socket_transport_destroy(nullptr);
    socket_transport_disconnect(nullptr);
}

// SRS_SOCKET_TRANSPORT_01_008, SRS_SOCKET_TRANSPORT_01_009, SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_F(bad_input_of_transport, connect_without_each_of_its_arguments)
{
    const listener there;
    expect_refused("socket_transport_connect", "socket_transport",
                   [&] { return socket_transport_connect(nullptr, "127.0.0.1", there.port(), some_time_ms); });
    expect_refused("socket_transport_connect", "hostname",
                   [&] { return socket_transport_connect(client.get(), nullptr, there.port(), some_time_ms); });
    expect_refused("socket_transport_connect", "port",
                   [&] { return socket_transport_connect(client.get(), "127.0.0.1", 0, some_time_ms); });
    EXPECT_NE(socket_transport_connect(nullptr, nullptr, 0, 0), 0);

    EXPECT_EQ(socket_transport_connect(client.get(), "127.0.0.1", there.port(), some_time_ms), 0);
}

// SRS_SOCKET_TRANSPORT_01_010
TEST_F(bad_input_of_transport, connect_of_a_server)
{
    const listener there;
    expect_refused("socket_transport_connect", "socket_transport",
                   [&] { return socket_transport_connect(server.get(), "127.0.0.1", there.port(), some_time_ms); });
    EXPECT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
}

// SRS_SOCKET_TRANSPORT_01_016, SRS_SOCKET_TRANSPORT_01_017, SRS_SOCKET_TRANSPORT_01_022
TEST_F(bad_input_of_transport, listen_without_each_of_its_arguments)
{
    expect_refused("socket_transport_listen", "socket_transport", [&] { return socket_transport_listen(nullptr, 1); });
    expect_refused("socket_transport_listen", "port", [&] { return socket_transport_listen(server.get(), 0); });
    expect_refused("socket_transport_listen_at", "socket_transport",
                   [&] { return socket_transport_listen_at(nullptr, "127.0.0.1", 0); });
    expect_refused("socket_transport_listen_at", "address",
                   [&] { return socket_transport_listen_at(server.get(), nullptr, 0); });
    // Why an address is none is the system's to say.
    for (const char* const no_address : {"", "localhost", "1.2.3.4.5", "::1::", "256.0.0.1"}) {
        expect_refused("socket_transport_listen_at", "",
                       [&] { return socket_transport_listen_at(server.get(), no_address, 0); });
    }
    EXPECT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
}

// SRS_SOCKET_TRANSPORT_01_018
TEST_F(bad_input_of_transport, listen_of_a_client)
{
    const listener there;
    expect_refused("socket_transport_listen", "socket_transport",
                   [&] { return socket_transport_listen(client.get(), port_without_listener()); });
    expect_refused("socket_transport_listen_at", "socket_transport",
                   [&] { return socket_transport_listen_at(client.get(), "127.0.0.1", 0); });
    EXPECT_EQ(socket_transport_connect(client.get(), "127.0.0.1", there.port(), some_time_ms), 0);
}

// SRS_SOCKET_TRANSPORT_01_028, SRS_SOCKET_TRANSPORT_01_034
TEST_F(bad_input_of_transport, accept_without_each_of_its_arguments)
{
    const listener there;
    accepted = client.get();
    expect_refused(SOCKET_ACCEPT_ERROR, "socket_transport_accept", "socket_transport",
                   [&] { return socket_transport_accept(nullptr, &accepted, 0); });
    EXPECT_EQ(accepted, nullptr);
    expect_refused(SOCKET_ACCEPT_ERROR, "socket_transport_accept", "accepted",
                   [&] { return socket_transport_accept(there.get(), nullptr, 0); });
    EXPECT_EQ(socket_transport_accept(nullptr, nullptr, 0), SOCKET_ACCEPT_ERROR);
}

// SRS_SOCKET_TRANSPORT_01_029, SRS_SOCKET_TRANSPORT_01_034
TEST_F(bad_input_of_transport, accept_of_what_does_not_listen)
{
    const connection link = make_connection();
    for (SOCKET_TRANSPORT_HANDLE const one : {client.get(), server.get(), link.local.get()}) {
        accepted = client.get();
        expect_refused(SOCKET_ACCEPT_ERROR, "socket_transport_accept", "",
                       [&] { return socket_transport_accept(one, &accepted, some_time_ms); });
        EXPECT_EQ(accepted, nullptr);
    }
}

// SRS_SOCKET_TRANSPORT_01_035
TEST_F(bad_input_of_transport, send_without_each_of_its_arguments)
{
    const connection link = make_connection();
    expect_refused(SOCKET_SEND_INVALID_ARG, "socket_transport_send", "socket_transport",
                   [&] { return socket_transport_send(nullptr, &buffer, 1, &number, 0, nullptr); });
    expect_refused(SOCKET_SEND_INVALID_ARG, "socket_transport_send", "payload",
                   [&] { return socket_transport_send(link.local.get(), nullptr, 1, &number, 0, nullptr); });
    expect_refused(SOCKET_SEND_INVALID_ARG, "socket_transport_send", "buffer_count",
                   [&] { return socket_transport_send(link.local.get(), &buffer, 0, &number, 0, nullptr); });
    EXPECT_EQ(socket_transport_send(link.local.get(), &buffer, 1, nullptr, 0, nullptr), SOCKET_SEND_OK);
    EXPECT_EQ(receive_exactly(link.peer.get(), 8).size(), 8u);
}

// SRS_SOCKET_TRANSPORT_01_036
TEST_F(bad_input_of_transport, send_of_what_is_not_connected)
{
    const listener there;
    for (SOCKET_TRANSPORT_HANDLE const one : {client.get(), server.get(), there.get()}) {
        expect_refused(SOCKET_SEND_ERROR, "socket_transport_send", "",
                       [&] { return socket_transport_send(one, &buffer, 1, &number, 0, nullptr); });
    }
}

// SRS_SOCKET_TRANSPORT_01_040
TEST_F(bad_input_of_transport, receive_without_each_of_its_arguments)
{
    const connection link = make_connection();
    expect_refused(SOCKET_RECEIVE_INVALID_ARG, "socket_transport_receive", "socket_transport",
                   [&] { return socket_transport_receive(nullptr, &buffer, 1, &number, 0, nullptr); });
    expect_refused(SOCKET_RECEIVE_INVALID_ARG, "socket_transport_receive", "payload",
                   [&] { return socket_transport_receive(link.local.get(), nullptr, 1, &number, 0, nullptr); });
    expect_refused(SOCKET_RECEIVE_INVALID_ARG, "socket_transport_receive", "buffer_count",
                   [&] { return socket_transport_receive(link.local.get(), &buffer, 0, &number, 0, nullptr); });
    ASSERT_TRUE(send_all(link.peer.get(), pattern(8)));
    EXPECT_EQ(receive_exactly(link.local.get(), 8), pattern(8));
}

// SRS_SOCKET_TRANSPORT_01_041
TEST_F(bad_input_of_transport, receive_of_what_is_not_connected)
{
    const listener there;
    for (SOCKET_TRANSPORT_HANDLE const one : {client.get(), server.get(), there.get()}) {
        expect_refused(SOCKET_RECEIVE_ERROR, "socket_transport_receive", "",
                       [&] { return socket_transport_receive(one, &buffer, 1, &number, 0, nullptr); });
    }
}

// SRS_SOCKET_TRANSPORT_01_046, SRS_SOCKET_TRANSPORT_01_047
TEST_F(bad_input_of_transport, questions_about_no_socket)
{
    for (SOCKET_TRANSPORT_HANDLE const one : {SOCKET_TRANSPORT_HANDLE{nullptr}, client.get(), server.get()}) {
        EXPECT_EQ(socket_transport_get_underlying_socket(one), raw_peer::none());
        EXPECT_FALSE(socket_transport_is_valid_socket(one));
    }
}

// SRS_SOCKET_OPTIONS_01_008, SRS_ASYNC_SOCKET_LOG_01_003
TEST_F(bad_input_of_transport, release_without_each_of_its_arguments)
{
    const connection link = make_connection();
    SOCKET_HANDLE released{};
    const char* const function = "socket_transport_release";
    expect_refused(function, "socket_transport is NULL", [&] { return socket_transport_release(nullptr, &released); });
    expect_refused(function, "released is NULL", [&] { return socket_transport_release(link.local.get(), nullptr); });
    EXPECT_TRUE(socket_transport_is_valid_socket(link.local.get()));
}

// SRS_SOCKET_TRANSPORT_01_049
TEST_F(bad_input_of_transport, get_local_endpoint_without_each_of_its_arguments)
{
    const listener there;
    std::string host(46, 'x');
    std::uint16_t port = 7;
    const auto ask = [&](SOCKET_TRANSPORT_HANDLE of, char* into, std::size_t size, std::uint16_t* port_into) {
        return socket_transport_get_local_endpoint(of, into, size, port_into);
    };
    const char* const function = "socket_transport_get_local_endpoint";
    expect_refused(function, "socket_transport", [&] { return ask(nullptr, host.data(), host.size(), &port); });
    expect_refused(function, "host", [&] { return ask(there.get(), nullptr, host.size(), &port); });
    expect_refused(function, "port", [&] { return ask(there.get(), host.data(), host.size(), nullptr); });
    // "127.0.0.1" and its end take 10.
    for (const std::size_t too_small : {0u, 1u, 9u}) {
        expect_refused(function, "size", [&] { return ask(there.get(), host.data(), too_small, &port); });
    }
    for (SOCKET_TRANSPORT_HANDLE const unbound : {client.get(), server.get()}) {
        expect_refused(function, "", [&] { return ask(unbound, host.data(), host.size(), &port); });
    }
    EXPECT_EQ(host, std::string(46, 'x'));
    EXPECT_EQ(port, 7);
    EXPECT_EQ(ask(there.get(), host.data(), 10, &port), 0);
    EXPECT_STREQ(host.c_str(), "127.0.0.1");
}

} // namespace
} // namespace contract
