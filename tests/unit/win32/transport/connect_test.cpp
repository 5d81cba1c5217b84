// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "async_socket/socket_transport.h"
#include "support/fixture.h"
#include "support/owned_transport.h"

namespace {

using namespace unit;

constexpr std::uint32_t generous_connect_ms = 60000;
constexpr std::uint32_t short_connect_ms = 30;

class socket_transport_connect_test : public win32_test {
protected:
    owned_transport client{socket_transport_create_client()};
    listening_transport server;
};

// SRS_SOCKET_TRANSPORT_01_008, SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_F(socket_transport_connect_test, null_is_refused)
{
    EXPECT_NE(socket_transport_connect(nullptr, "127.0.0.1", server.port, generous_connect_ms), 0);
    expect_refusal("socket_transport_connect", "socket_transport");
    EXPECT_NE(socket_transport_connect(client.get(), nullptr, server.port, generous_connect_ms), 0);
    expect_refusal("socket_transport_connect", "hostname");
    EXPECT_EQ(socket_transport_connect(client.get(), "127.0.0.1", server.port, generous_connect_ms), 0);
}

// SRS_SOCKET_TRANSPORT_01_009
TEST_F(socket_transport_connect_test, port_0_is_refused)
{
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", 0, generous_connect_ms), 0);
    expect_refusal("socket_transport_connect", "port");
}

// SRS_SOCKET_TRANSPORT_01_010
TEST_F(socket_transport_connect_test, a_server_is_refused)
{
    const owned_transport other(socket_transport_create_server());
    EXPECT_NE(socket_transport_connect(other.get(), "127.0.0.1", server.port, generous_connect_ms), 0);
    expect_refusal("socket_transport_connect", "socket_transport");
    EXPECT_EQ(socket_transport_listen_at(other.get(), "127.0.0.1", 0), 0);
}

// SRS_SOCKET_TRANSPORT_01_011
TEST_F(socket_transport_connect_test, a_transport_is_connected_once)
{
    ASSERT_EQ(socket_transport_connect(client.get(), "127.0.0.1", server.port, generous_connect_ms), 0);
    const SOCKET_HANDLE socket = socket_transport_get_underlying_socket(client.get());
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", server.port, generous_connect_ms), 0);
    expect_refusal("socket_transport_connect", "socket_transport");
    EXPECT_EQ(socket_transport_get_underlying_socket(client.get()), socket);
    EXPECT_TRUE(socket_transport_is_valid_socket(client.get()));

    connected_transport made;
    EXPECT_NE(socket_transport_connect(made.transport.get(), "127.0.0.1", server.port, generous_connect_ms), 0);
    EXPECT_EQ(socket_transport_get_underlying_socket(made.transport.get()), as_handle(made.line.socket));
}

// SRS_SOCKET_TRANSPORT_01_011
TEST_F(socket_transport_connect_test, a_transport_that_was_disconnected_stays_so)
{
    socket_transport_disconnect(client.get());
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", server.port, generous_connect_ms), 0);
    expect_refusal("socket_transport_connect", "socket_transport");
    EXPECT_FALSE(socket_transport_is_valid_socket(client.get()));
}

// SRS_SOCKET_TRANSPORT_01_011
TEST_F(socket_transport_connect_test, a_second_connect_is_refused_while_one_is_under_way)
{
    fake_win32::make_silent("127.0.0.9");
    std::thread first(
        [this] { EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.9", 9, generous_connect_ms), 0); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WaitForMultipleObjects, 1));
    log.take();
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", server.port, generous_connect_ms), 0);
    expect_refusal("socket_transport_connect", "socket_transport");
    socket_transport_disconnect(client.get());
    first.join();
}

// SRS_SOCKET_TRANSPORT_01_012, SRS_SOCKET_TRANSPORT_01_014, SRS_SOCKET_TRANSPORT_01_047
TEST_F(socket_transport_connect_test, a_name_is_resolved_to_addresses_of_either_family)
{
    ASSERT_EQ(socket_transport_connect(client.get(), "localhost", server.port, generous_connect_ms), 0);
    EXPECT_TRUE(socket_transport_is_valid_socket(client.get()));
    const std::vector<call_record> resolved = calls_of(api::GetAddrInfoW);
    ASSERT_EQ(resolved.size(), 2u); // the first is that of listen_at
    EXPECT_EQ(resolved[1].name, "localhost");
    // ::1 comes first and refuses: the server listens on 127.0.0.1 only.
    const std::vector<call_record> sockets = calls_of(api::WSASocketW);
    ASSERT_EQ(sockets.size(), 3u);
    EXPECT_EQ(sockets[1].argument<int>(0), AF_INET6);
    EXPECT_EQ(sockets[2].argument<int>(0), AF_INET);
    EXPECT_EQ(live().sockets, 2u);
    EXPECT_EQ(live().address_lists, 0u);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_018
TEST_F(socket_transport_connect_test, a_refusal_of_this_machine_is_an_answer)
{
    constexpr DWORD set_initial_rto = SIO_TCP_INITIAL_RTO;
    const auto calls_to_set_it = [] {
        std::size_t count = 0;
        for (const call_record& call : calls_of(api::WSAIoctl)) {
            count += call.argument<DWORD>(1) == set_initial_rto ? 1 : 0;
        }
        return count;
    };
    ASSERT_EQ(socket_transport_connect(client.get(), "127.0.0.1", server.port, generous_connect_ms), 0);
    const SOCKET connected = as_socket(socket_transport_get_underlying_socket(client.get()));
    EXPECT_EQ(fake_win32::option_of(connected, IPPROTO_TCP, static_cast<int>(set_initial_rto)), 0xFE);
    // A system that does not know how not to try again is asked to do it once.
    fake_win32::fail_call(api::WSAIoctl, 1, WSAEINVAL);
    owned_transport other(socket_transport_create_client());
    ASSERT_EQ(socket_transport_connect(other.get(), "127.0.0.1", server.port, generous_connect_ms), 0);
    const SOCKET second = as_socket(socket_transport_get_underlying_socket(other.get()));
    EXPECT_EQ(fake_win32::option_of(second, IPPROTO_TCP, static_cast<int>(set_initial_rto)), 1);
    const std::size_t before = calls_to_set_it();
    other.reset(socket_transport_create_client());
    EXPECT_NE(socket_transport_connect(other.get(), "10.0.0.1", server.port, generous_connect_ms), 0);
    EXPECT_EQ(calls_to_set_it(), before);
    EXPECT_NE(socket_transport_connect(other.get(), "::1", server.port, generous_connect_ms), 0);
    EXPECT_EQ(calls_to_set_it(), before + 1);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_014
TEST_F(socket_transport_connect_test, a_name_is_utf_8)
{
    const char* const name = "b\xc3\xbc"
                             "cher.example";
    fake_win32::set_host(name, {"127.0.0.1"});
    EXPECT_EQ(socket_transport_connect(client.get(), name, server.port, generous_connect_ms), 0);
    const owned_transport other(socket_transport_create_client());
    for (const std::string& wrong : {std::string("b\xfc"
                                                 "cher.example"),
                                     std::string(2000, 'x')}) {
        EXPECT_NE(socket_transport_connect(other.get(), wrong.c_str(), server.port, generous_connect_ms), 0);
        expect_failure("socket_transport_connect", "GetAddrInfoW", WSAHOST_NOT_FOUND);
    }
}

// SRS_SOCKET_TRANSPORT_01_012, SRS_SOCKET_TRANSPORT_01_014
TEST_F(socket_transport_connect_test, an_ipv6_address_is_connected_to)
{
    owned_transport v6_server(socket_transport_create_server());
    ASSERT_EQ(socket_transport_listen_at(v6_server.get(), "::1", 0), 0);
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
    std::uint16_t port = 0;
    ASSERT_EQ(socket_transport_get_local_endpoint(v6_server.get(), host, sizeof host, &port), 0);
    EXPECT_EQ(socket_transport_connect(client.get(), "::1", port, generous_connect_ms), 0);
}

// SRS_SOCKET_TRANSPORT_01_014
TEST_F(socket_transport_connect_test, a_connected_socket_blocks_and_has_no_event)
{
    ASSERT_EQ(socket_transport_connect(client.get(), "127.0.0.1", server.port, generous_connect_ms), 0);
    const SOCKET socket = as_socket(socket_transport_get_underlying_socket(client.get()));
    EXPECT_FALSE(fake_win32::is_nonblocking(socket));
    EXPECT_FALSE(fake_win32::has_event_selected(socket));
}

// SRS_SOCKET_TRANSPORT_WIN32_01_010
TEST_F(socket_transport_connect_test, the_socket_is_overlapped_and_not_inherited)
{
    ASSERT_EQ(socket_transport_connect(client.get(), "127.0.0.1", server.port, generous_connect_ms), 0);
    const SOCKET socket = as_socket(socket_transport_get_underlying_socket(client.get()));
    EXPECT_TRUE(fake_win32::is_overlapped(socket));
    EXPECT_FALSE(fake_win32::is_inheritable(socket));
}

// SRS_SOCKET_TRANSPORT_01_013
TEST_F(socket_transport_connect_test, addresses_are_tried_until_one_connects)
{
    fake_win32::set_host("several", {"127.0.0.2", "127.0.0.3", "127.0.0.1", "127.0.0.4"});
    EXPECT_EQ(socket_transport_connect(client.get(), "several", server.port, generous_connect_ms), 0);
    EXPECT_EQ(count_of(api::connect), 3u);
    EXPECT_EQ(live().sockets, 2u);
}

// SRS_SOCKET_TRANSPORT_01_013
TEST_F(socket_transport_connect_test, an_address_family_that_the_machine_lacks_is_passed_over)
{
    fake_win32::without_ipv6();
    EXPECT_EQ(socket_transport_connect(client.get(), "localhost", server.port, generous_connect_ms), 0);
}

// SRS_SOCKET_TRANSPORT_01_013, SRS_SOCKET_TRANSPORT_01_015
TEST_F(socket_transport_connect_test, the_time_is_for_all_addresses_together)
{
    fake_win32::make_silent("127.0.0.2");
    fake_win32::make_silent("127.0.0.3");
    fake_win32::set_host("silent", {"127.0.0.2", "127.0.0.3"});
    const auto start = std::chrono::steady_clock::now();
    EXPECT_NE(socket_transport_connect(client.get(), "silent", server.port, short_connect_ms), 0);
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(short_connect_ms));
    EXPECT_EQ(count_of(api::connect), 1u);
    expect_failure("socket_transport_connect", "connect", WSAETIMEDOUT);
    EXPECT_EQ(live().sockets, 1u);
}

// SRS_SOCKET_TRANSPORT_01_015
TEST_F(socket_transport_connect_test, a_connect_that_failed_can_be_tried_again)
{
    EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.2", server.port, generous_connect_ms), 0);
    expect_failure("socket_transport_connect", "connect", WSAECONNREFUSED);
    EXPECT_NE(socket_transport_connect(client.get(), "no.such.name", server.port, generous_connect_ms), 0);
    expect_failure("socket_transport_connect", "GetAddrInfoW", WSAHOST_NOT_FOUND);
    EXPECT_EQ(socket_transport_connect(client.get(), "127.0.0.1", server.port, generous_connect_ms), 0);
}

// SRS_SOCKET_TRANSPORT_01_015, SRS_SOCKET_TRANSPORT_01_002
TEST_F(socket_transport_connect_test, connect_leaves_the_transport_usable_whatever_fails)
{
    fake_win32::set_host("one", {"127.0.0.1"});
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        owned_transport transport(socket_transport_create_client());
        const live_objects unconnected = live();
        run.arm();
        const int result = socket_transport_connect(transport.get(), "one", server.port, generous_connect_ms);
        // Without the option that only makes a refusal quicker it connects all the same.
        const bool has_failed = run.disarm();
        EXPECT_TRUE(has_failed || result == 0);
        EXPECT_EQ(socket_transport_is_valid_socket(transport.get()), result == 0);
        EXPECT_EQ(log.take().empty(), result == 0);
        if (result != 0) {
            EXPECT_EQ(live(), unconnected);
            EXPECT_EQ(socket_transport_connect(transport.get(), "one", server.port, generous_connect_ms), 0);
        }
    });
    EXPECT_GE(failures, 7u);
}

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_015
TEST_F(socket_transport_connect_test, a_disconnect_ends_a_blocked_connect)
{
    fake_win32::make_silent("127.0.0.9");
    std::thread connecting(
        [this] { EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.9", 9, UINT32_MAX), 0); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WaitForMultipleObjects, 1));
    socket_transport_disconnect(client.get());
    connecting.join();
    EXPECT_EQ(live().sockets, 1u);
    EXPECT_FALSE(socket_transport_is_valid_socket(client.get()));
}

// SRS_SOCKET_TRANSPORT_01_025
TEST_F(socket_transport_connect_test, a_disconnect_before_the_first_call_of_the_system_is_seen)
{
    fake_win32::make_silent("127.0.0.9");
    fake_win32::set_host("several", {"127.0.0.9", "127.0.0.1"});
    std::thread connecting(
        [this] { EXPECT_NE(socket_transport_connect(client.get(), "several", server.port, generous_connect_ms), 0); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::WaitForMultipleObjects, 1));
    socket_transport_disconnect(client.get());
    connecting.join();
    EXPECT_EQ(count_of(api::connect), 1u); // the second address is not tried any more
}

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_015
TEST_F(socket_transport_connect_test, a_disconnect_in_the_last_step_of_a_connect_is_seen)
{
    fake_win32::stall_calls(api::ioctlsocket);
    std::thread connecting([this] {
        EXPECT_NE(socket_transport_connect(client.get(), "127.0.0.1", server.port, generous_connect_ms), 0);
    });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::ioctlsocket, 1));
    socket_transport_disconnect(client.get());
    fake_win32::release_calls();
    connecting.join();
    EXPECT_EQ(live().sockets, 1u);
    EXPECT_FALSE(socket_transport_is_valid_socket(client.get()));
}

} // namespace
