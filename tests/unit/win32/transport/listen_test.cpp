// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <thread>

#include "async_socket/socket_transport.h"
#include "support/fixture.h"
#include "support/owned_transport.h"

namespace {

using namespace unit;

// The network is the test's own, so no other program can have the port.
constexpr std::uint16_t fixed_port = 4711;

class socket_transport_listen_test : public win32_test {
protected:
    owned_transport server{socket_transport_create_server()};

    SOCKET socket() const { return as_socket(socket_transport_get_underlying_socket(server.get())); }
};

// SRS_SOCKET_TRANSPORT_01_016
TEST_F(socket_transport_listen_test, null_is_refused)
{
    EXPECT_NE(socket_transport_listen(nullptr, fixed_port), 0);
    expect_refusal("socket_transport_listen", "socket_transport");
    EXPECT_NE(socket_transport_listen_at(nullptr, "127.0.0.1", 0), 0);
    expect_refusal("socket_transport_listen_at", "socket_transport");
}

// SRS_SOCKET_TRANSPORT_01_017
TEST_F(socket_transport_listen_test, port_0_is_refused)
{
    EXPECT_NE(socket_transport_listen(server.get(), 0), 0);
    expect_refusal("socket_transport_listen", "port");
    EXPECT_EQ(socket_transport_listen(server.get(), fixed_port), 0);
}

// SRS_SOCKET_TRANSPORT_01_018
TEST_F(socket_transport_listen_test, a_client_is_refused)
{
    const owned_transport client(socket_transport_create_client());
    EXPECT_NE(socket_transport_listen(client.get(), fixed_port), 0);
    expect_refusal("socket_transport_listen", "socket_transport");
    EXPECT_NE(socket_transport_listen_at(client.get(), "127.0.0.1", 0), 0);
    expect_refusal("socket_transport_listen_at", "socket_transport");
    EXPECT_FALSE(socket_transport_is_valid_socket(client.get()));
}

// SRS_SOCKET_TRANSPORT_01_018
TEST_F(socket_transport_listen_test, a_transport_listens_once)
{
    ASSERT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    const SOCKET before = socket();
    EXPECT_NE(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
    expect_refusal("socket_transport_listen_at", "socket_transport");
    EXPECT_NE(socket_transport_listen(server.get(), fixed_port), 0);
    EXPECT_EQ(socket(), before);
    EXPECT_TRUE(socket_transport_is_valid_socket(server.get()));
}

// SRS_SOCKET_TRANSPORT_01_018
TEST_F(socket_transport_listen_test, a_transport_that_was_disconnected_stays_so)
{
    socket_transport_disconnect(server.get());
    EXPECT_NE(socket_transport_listen(server.get(), fixed_port), 0);
    expect_refusal("socket_transport_listen", "socket_transport");
    EXPECT_EQ(live().sockets, 0u);
}

// SRS_SOCKET_TRANSPORT_01_019, SRS_SOCKET_TRANSPORT_01_047
TEST_F(socket_transport_listen_test, listen_takes_both_families_in_one_socket)
{
    ASSERT_EQ(socket_transport_listen(server.get(), fixed_port), 0);
    EXPECT_TRUE(socket_transport_is_valid_socket(server.get()));
    EXPECT_TRUE(fake_win32::is_dual_stack(socket()));
    EXPECT_EQ(live().sockets, 1u);
    EXPECT_TRUE(fake_win32::connect_from_elsewhere("127.0.0.1", fixed_port).has_value());
    EXPECT_TRUE(fake_win32::connect_from_elsewhere("::1", fixed_port).has_value());
}

// SRS_SOCKET_TRANSPORT_01_019
TEST_F(socket_transport_listen_test, listen_takes_ipv4_where_there_is_no_ipv6)
{
    fake_win32::without_ipv6();
    ASSERT_EQ(socket_transport_listen(server.get(), fixed_port), 0);
    EXPECT_FALSE(fake_win32::is_dual_stack(socket()));
    EXPECT_TRUE(fake_win32::connect_from_elsewhere("127.0.0.1", fixed_port).has_value());
    EXPECT_EQ(live().sockets, 1u);
}

// SRS_SOCKET_TRANSPORT_01_020
TEST_F(socket_transport_listen_test, a_port_in_use_is_refused_and_another_one_can_be_tried)
{
    const owned_transport first(socket_transport_create_server());
    ASSERT_EQ(socket_transport_listen(first.get(), fixed_port), 0);
    EXPECT_NE(socket_transport_listen(server.get(), fixed_port), 0);
    expect_failure("socket_transport_listen", "bind", WSAEADDRINUSE);
    EXPECT_EQ(live().sockets, 1u);
    EXPECT_EQ(socket_transport_listen(server.get(), fixed_port + 1), 0);
}

// SRS_SOCKET_TRANSPORT_01_020
TEST_F(socket_transport_listen_test, listen_leaves_the_transport_usable_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        owned_transport transport(socket_transport_create_server());
        const live_objects idle = live();
        run.arm();
        const int result = socket_transport_listen(transport.get(), fixed_port);
        EXPECT_EQ(result != 0, run.disarm());
        EXPECT_EQ(log.take().empty(), result == 0);
        if (result != 0) {
            EXPECT_EQ(live(), idle);
            EXPECT_EQ(socket_transport_listen(transport.get(), fixed_port), 0);
        }
        EXPECT_TRUE(fake_win32::connect_from_elsewhere("127.0.0.1", fixed_port).has_value());
    });
    EXPECT_GE(failures, 6u);
}

// SRS_SOCKET_TRANSPORT_01_020
TEST_F(socket_transport_listen_test, listen_at_leaves_the_transport_usable_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        owned_transport transport(socket_transport_create_server());
        const live_objects idle = live();
        run.arm();
        const int result = socket_transport_listen_at(transport.get(), "::1", 0);
        EXPECT_EQ(result != 0, run.disarm());
        EXPECT_EQ(log.take().empty(), result == 0);
        if (result != 0) {
            EXPECT_EQ(live(), idle);
            EXPECT_EQ(socket_transport_listen_at(transport.get(), "::1", 0), 0);
        }
    });
    EXPECT_GE(failures, 7u);
}

// SRS_SOCKET_TRANSPORT_01_021
TEST_F(socket_transport_listen_test, listen_at_takes_one_address_and_lets_the_system_pick_a_port)
{
    const listening_transport at_loopback;
    EXPECT_NE(at_loopback.port, 0);
    EXPECT_TRUE(fake_win32::connect_from_elsewhere("127.0.0.1", at_loopback.port).has_value());
    EXPECT_FALSE(fake_win32::connect_from_elsewhere("::1", at_loopback.port).has_value());

    ASSERT_EQ(socket_transport_listen_at(server.get(), "::", fixed_port), 0);
    EXPECT_FALSE(fake_win32::is_dual_stack(socket()));
    EXPECT_TRUE(fake_win32::connect_from_elsewhere("::1", fixed_port).has_value());
}

// SRS_SOCKET_TRANSPORT_01_022
TEST_F(socket_transport_listen_test, listen_at_takes_numeric_addresses_only)
{
    EXPECT_NE(socket_transport_listen_at(server.get(), nullptr, 0), 0);
    expect_refusal("socket_transport_listen_at", "address");
    EXPECT_NE(socket_transport_listen_at(server.get(), "localhost", 0), 0);
    expect_failure("socket_transport_listen_at", "GetAddrInfoW", WSAHOST_NOT_FOUND);
    EXPECT_NE(socket_transport_listen_at(server.get(), "", 0), 0);
    EXPECT_EQ(live().sockets, 0u);
    EXPECT_EQ(socket_transport_listen_at(server.get(), "127.0.0.1", 0), 0);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_003
TEST_F(socket_transport_listen_test, the_port_is_exclusive_before_it_is_bound)
{
    ASSERT_EQ(socket_transport_listen(server.get(), fixed_port), 0);
    EXPECT_TRUE(fake_win32::is_exclusive(socket()));
    const owned_transport other(socket_transport_create_server());
    ASSERT_EQ(socket_transport_listen_at(other.get(), "127.0.0.1", 0), 0);
    EXPECT_TRUE(fake_win32::is_exclusive(as_socket(socket_transport_get_underlying_socket(other.get()))));
}

// SRS_SOCKET_TRANSPORT_WIN32_01_010
TEST_F(socket_transport_listen_test, the_socket_is_overlapped_and_not_inherited)
{
    ASSERT_EQ(socket_transport_listen(server.get(), fixed_port), 0);
    EXPECT_TRUE(fake_win32::is_overlapped(socket()));
    EXPECT_FALSE(fake_win32::is_inheritable(socket()));
}

// SRS_SOCKET_TRANSPORT_01_020, SRS_SOCKET_TRANSPORT_01_025
TEST_F(socket_transport_listen_test, a_disconnect_meanwhile_is_seen)
{
    fake_win32::stall_calls(api::listen);
    std::thread listening([this] { EXPECT_NE(socket_transport_listen(server.get(), fixed_port), 0); });
    ASSERT_TRUE(fake_win32::wait_for_calls(api::listen, 1));
    socket_transport_disconnect(server.get());
    fake_win32::release_calls();
    listening.join();
    EXPECT_EQ(live().sockets, 0u);
    EXPECT_FALSE(socket_transport_is_valid_socket(server.get()));
}

} // namespace
