// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "async_socket/async_listener.h"
#include "async_socket/socket_options.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

// As a program does, which owes the end of Winsock with it.
void close_released(SOCKET socket)
{
    EXPECT_EQ(closesocket(socket), 0);
    EXPECT_EQ(WSACleanup(), 0);
}

class socket_options_test : public win32_test {
protected:
    connected_transport connected;
    SOCKET socket = connected.line.socket;

    SOCKET_TRANSPORT_HANDLE transport() const { return connected.transport.get(); }
    int option(int level, int name) const { return fake_win32::option_of(socket, level, name); }
};

// SRS_SOCKET_OPTIONS_01_001
TEST_F(socket_options_test, no_delay_on_and_off)
{
    EXPECT_EQ(socket_transport_set_no_delay(transport(), true), 0);
    EXPECT_EQ(option(IPPROTO_TCP, TCP_NODELAY), 1);
    EXPECT_EQ(socket_transport_set_no_delay(transport(), false), 0);
    EXPECT_EQ(option(IPPROTO_TCP, TCP_NODELAY), 0);
}

// SRS_SOCKET_OPTIONS_01_002
TEST_F(socket_options_test, keep_alive_on_and_off)
{
    const SOCKET_KEEP_ALIVE wanted{60, 5, 3};
    EXPECT_EQ(socket_transport_set_keep_alive(transport(), &wanted), 0);
    EXPECT_EQ(option(SOL_SOCKET, SO_KEEPALIVE), 1);
    EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPIDLE), 60);
    EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPINTVL), 5);
    EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPCNT), 3);
    EXPECT_EQ(socket_transport_set_keep_alive(transport(), nullptr), 0);
    EXPECT_EQ(option(SOL_SOCKET, SO_KEEPALIVE), 0);
}

// SRS_SOCKET_OPTIONS_01_003
TEST_F(socket_options_test, keep_alive_out_of_bounds_is_refused)
{
    for (const SOCKET_KEEP_ALIVE& wrong :
         {SOCKET_KEEP_ALIVE{0, 1, 1}, SOCKET_KEEP_ALIVE{1, 0, 1}, SOCKET_KEEP_ALIVE{1, 1, 0},
          SOCKET_KEEP_ALIVE{32768, 1, 1}, SOCKET_KEEP_ALIVE{1, 32768, 1}, SOCKET_KEEP_ALIVE{1, 1, 128}}) {
        EXPECT_NE(socket_transport_set_keep_alive(transport(), &wrong), 0);
        expect_refusal("socket_transport_set_keep_alive", "keep_alive");
    }
    EXPECT_EQ(count_of(api::setsockopt), 0u);
}

// SRS_SOCKET_OPTIONS_01_002: it is not on where a part of it was refused.
TEST_F(socket_options_test, keep_alive_is_turned_on_last)
{
    const SOCKET_KEEP_ALIVE wanted{60, 5, 3};
    for (std::size_t nth = 1; nth <= 4; nth++) {
        fake_win32::fail_call(api::setsockopt, nth, WSAENOPROTOOPT);
        EXPECT_NE(socket_transport_set_keep_alive(transport(), &wanted), 0);
        expect_failure("socket_transport_set_keep_alive", "setsockopt", WSAENOPROTOOPT);
        EXPECT_EQ(option(SOL_SOCKET, SO_KEEPALIVE), 0);
    }
}

// SRS_SOCKET_OPTIONS_01_002: on a system that does not know the options.
TEST_F(socket_options_test, keep_alive_in_the_older_way)
{
    const SOCKET_KEEP_ALIVE wanted{60, 5, 3};
    fake_win32::fail_call(api::getsockopt, 1, WSAENOPROTOOPT);
    EXPECT_EQ(socket_transport_set_keep_alive(transport(), &wanted), 0);
    EXPECT_EQ(count_of(api::setsockopt), 0u);
    EXPECT_EQ(option(SOL_SOCKET, SO_KEEPALIVE), 1);
    EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPIDLE), 60);
    EXPECT_EQ(option(IPPROTO_TCP, TCP_KEEPINTVL), 5);
    fake_win32::fail_call(api::getsockopt, 1, WSAENOPROTOOPT);
    fake_win32::fail_call(api::WSAIoctl, 1, WSAENOTCONN);
    EXPECT_NE(socket_transport_set_keep_alive(transport(), &wanted), 0);
    expect_failure("socket_transport_set_keep_alive", "WSAIoctl", WSAENOTCONN);
}

// SRS_SOCKET_OPTIONS_01_004, SRS_SOCKET_OPTIONS_01_005
TEST_F(socket_options_test, buffer_sizes)
{
    EXPECT_EQ(socket_transport_set_buffer_sizes(transport(), 1000, 2000), 0);
    EXPECT_EQ(socket_transport_set_buffer_sizes(transport(), 0, 3000), 0);
    EXPECT_EQ(socket_transport_set_buffer_sizes(transport(), 0, 0), 0);
    std::uint32_t sends = 0;
    std::uint32_t receives = 0;
    EXPECT_EQ(socket_transport_get_buffer_sizes(transport(), &sends, &receives), 0);
    EXPECT_EQ(sends, 1000u);
    EXPECT_EQ(receives, 3000u);
    EXPECT_EQ(socket_transport_get_buffer_sizes(transport(), nullptr, &receives), 0);
    EXPECT_EQ(socket_transport_get_buffer_sizes(transport(), &sends, nullptr), 0);
    log.take();
    EXPECT_NE(socket_transport_get_buffer_sizes(transport(), nullptr, nullptr), 0);
    expect_refusal("socket_transport_get_buffer_sizes", "send_bytes");
    listening_transport server;
    EXPECT_EQ(socket_transport_set_buffer_sizes(server.transport.get(), 5000, 0), 0);
    fake_win32::fail_call(api::getsockopt, 2);
    EXPECT_NE(socket_transport_get_buffer_sizes(transport(), &sends, &receives), 0);
    EXPECT_EQ(sends, 1000u);
}

// SRS_SOCKET_OPTIONS_01_006
TEST_F(socket_options_test, peer_endpoint)
{
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE] = "untouched";
    std::uint16_t port = 0;
    EXPECT_NE(socket_transport_get_peer_endpoint(transport(), host, 3, &port), 0);
    EXPECT_STREQ(host, "untouched");
    EXPECT_EQ(port, 0);
    EXPECT_EQ(socket_transport_get_peer_endpoint(transport(), host, sizeof host, &port), 0);
    EXPECT_STREQ(host, "127.0.0.1");
    EXPECT_NE(port, 0);
    log.take();
    EXPECT_NE(socket_transport_get_peer_endpoint(transport(), nullptr, 46, &port), 0);
    expect_refusal("socket_transport_get_peer_endpoint", "host");
    EXPECT_NE(socket_transport_get_peer_endpoint(transport(), host, sizeof host, nullptr), 0);
    expect_refusal("socket_transport_get_peer_endpoint", "port");
    fake_win32::fail_call(api::getpeername);
    EXPECT_NE(socket_transport_get_peer_endpoint(transport(), host, sizeof host, &port), 0);
    expect_failure("socket_transport_get_peer_endpoint", "getpeername", WSAENETDOWN);
}

// SRS_SOCKET_OPTIONS_01_001, SRS_SOCKET_OPTIONS_01_002, SRS_SOCKET_OPTIONS_01_004, SRS_SOCKET_OPTIONS_01_005,
// SRS_SOCKET_OPTIONS_01_006, SRS_SOCKET_OPTIONS_01_008
TEST_F(socket_options_test, null_and_disconnected_are_refused)
{
    socket_transport_disconnect(transport());
    const SOCKET_KEEP_ALIVE wanted{60, 5, 3};
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
    std::uint16_t port = 0;
    std::uint32_t size = 0;
    SOCKET_HANDLE released = nullptr;
    for (SOCKET_TRANSPORT_HANDLE each : {static_cast<SOCKET_TRANSPORT_HANDLE>(nullptr), transport()}) {
        EXPECT_NE(socket_transport_set_no_delay(each, true), 0);
        expect_refusal("socket_transport_set_no_delay", "socket_transport");
        EXPECT_NE(socket_transport_set_keep_alive(each, &wanted), 0);
        expect_refusal("socket_transport_set_keep_alive", "socket_transport");
        EXPECT_NE(socket_transport_set_buffer_sizes(each, 1, 1), 0);
        expect_refusal("socket_transport_set_buffer_sizes", "socket_transport");
        EXPECT_NE(socket_transport_get_buffer_sizes(each, &size, &size), 0);
        expect_refusal("socket_transport_get_buffer_sizes", "socket_transport");
        EXPECT_NE(socket_transport_get_peer_endpoint(each, host, sizeof host, &port), 0);
        expect_refusal("socket_transport_get_peer_endpoint", "socket_transport");
        EXPECT_NE(socket_transport_release(each, &released), 0);
        expect_refusal("socket_transport_release", "socket_transport");
    }
    listening_transport server;
    EXPECT_NE(socket_transport_set_no_delay(server.transport.get(), true), 0);
}

// SRS_SOCKET_OPTIONS_01_007
TEST_F(socket_options_test, reset_throws_the_connection_away)
{
    socket_transport_reset(transport());
    EXPECT_TRUE(connected.line.peer.saw_reset());
    EXPECT_FALSE(socket_transport_is_valid_socket(transport()));
    EXPECT_EQ(count_of(api::shutdown), 0u);
    socket_transport_reset(transport());
    socket_transport_reset(nullptr);
    EXPECT_THAT(log.take(), testing::IsEmpty());
}

// SRS_SOCKET_OPTIONS_01_008
TEST_F(socket_options_test, release_hands_over_the_very_socket)
{
    SOCKET_HANDLE released = nullptr;
    ASSERT_EQ(socket_transport_release(transport(), &released), 0);
    EXPECT_EQ(as_socket(released), socket);
    EXPECT_FALSE(socket_transport_is_valid_socket(transport()));
    connected.transport.reset();
    EXPECT_FALSE(connected.line.peer.saw_end());
    close_released(socket);
    listening_transport server;
    ASSERT_EQ(socket_transport_release(server.transport.get(), &released), 0);
    EXPECT_FALSE(fake_win32::is_nonblocking(as_socket(released)));
    EXPECT_FALSE(fake_win32::has_event_selected(as_socket(released)));
    server.transport.reset();
    EXPECT_TRUE(fake_win32::connect_from_elsewhere("127.0.0.1", server.port));
    close_released(as_socket(released));
    EXPECT_NE(socket_transport_release(transport(), nullptr), 0);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_017
TEST_F(socket_options_test, winsock_is_there_for_as_long_as_a_released_socket_is)
{
    const std::size_t starts = live().winsock_starts;
    SOCKET_HANDLE released = nullptr;
    ASSERT_EQ(socket_transport_release(transport(), &released), 0);
    connected.transport.reset();
    // What the transport had has become the program's.
    EXPECT_EQ(live().winsock_starts, starts);
    close_released(as_socket(released));
    EXPECT_EQ(live().winsock_starts, starts - 1);
}

// SRS_SOCKET_OPTIONS_01_009
TEST_F(socket_options_test, release_is_refused_while_it_is_in_use_or_owned)
{
    SOCKET_HANDLE released = nullptr;
    {
        std::thread user([&] {
            SOCKET_TRANSPORT_HANDLE accepted = nullptr;
            unsigned char byte = 0;
            SOCKET_BUFFER buffer{1, &byte};
            std::uint32_t count = 0;
            static_cast<void>(accepted);
            EXPECT_EQ(socket_transport_receive(transport(), &buffer, 1, &count, 0, nullptr), SOCKET_RECEIVE_OK);
        });
        EXPECT_TRUE(fake_win32::wait_for_calls(api::WSARecv, 1));
        EXPECT_NE(socket_transport_release(transport(), &released), 0);
        expect_refusal("socket_transport_release", "socket_transport");
        connected.line.peer.send("x");
        user.join();
    }
    open_socket opened;
    EXPECT_NE(socket_transport_release(opened.connected.transport.get(), &released), 0);
    expect_refusal("socket_transport_release", "socket_transport");
    ASSERT_EQ(socket_transport_release(transport(), &released), 0);
    close_released(as_socket(released));
}

} // namespace
