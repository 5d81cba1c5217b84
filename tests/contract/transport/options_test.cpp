// SPDX-License-Identifier: MIT
//
// What may be set and asked of a transport's socket.

#include <array>
#include <chrono>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "async_socket/socket_options.h"

#include "expected_results.h"
#include "platform_socket_options.h"
#include "support/fixture.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

class options : public ::testing::Test {
protected:
    connection link = make_connection();

    [[nodiscard]] SOCKET_TRANSPORT_HANDLE local() const { return link.local.get(); }
    [[nodiscard]] SOCKET_HANDLE socket() const { return socket_transport_get_underlying_socket(link.local.get()); }
};

// SRS_SOCKET_OPTIONS_01_001
TEST_F(options, no_delay_is_set_and_taken_back)
{
    for (const bool wanted : {true, false, true}) {
        EXPECT_EQ(socket_transport_set_no_delay(local(), wanted), 0);
        EXPECT_EQ(no_delay_of(socket()), wanted);
    }
}

// SRS_SOCKET_OPTIONS_01_002
TEST_F(options, keep_alive_is_set_and_taken_back)
{
    for (const SOCKET_KEEP_ALIVE& wanted :
         {SOCKET_KEEP_ALIVE{10, 2, 3}, SOCKET_KEEP_ALIVE{1, 1, 1}, SOCKET_KEEP_ALIVE{32767, 32767, 127}}) {
        EXPECT_EQ(socket_transport_set_keep_alive(local(), &wanted), 0);
        EXPECT_TRUE(keeps_alive(socket()));
        SOCKET_KEEP_ALIVE set{};
        if (keep_alive_of(socket(), set)) {
            EXPECT_EQ(set.idle_s, wanted.idle_s);
            EXPECT_EQ(set.interval_s, wanted.interval_s);
            EXPECT_EQ(set.count, wanted.count);
        }
        EXPECT_EQ(socket_transport_set_keep_alive(local(), nullptr), 0);
        EXPECT_FALSE(keeps_alive(socket()));
    }
}

// SRS_SOCKET_OPTIONS_01_003
TEST_F(options, keep_alive_out_of_bounds_is_refused_and_changes_nothing)
{
    for (const SOCKET_KEEP_ALIVE& bad :
         {SOCKET_KEEP_ALIVE{0, 1, 1}, SOCKET_KEEP_ALIVE{1, 0, 1}, SOCKET_KEEP_ALIVE{1, 1, 0},
          SOCKET_KEEP_ALIVE{32768, 1, 1}, SOCKET_KEEP_ALIVE{1, 32768, 1}, SOCKET_KEEP_ALIVE{1, 1, 128},
          SOCKET_KEEP_ALIVE{UINT32_MAX, UINT32_MAX, UINT32_MAX}}) {
        EXPECT_NE(socket_transport_set_keep_alive(local(), &bad), 0)
            << bad.idle_s << ' ' << bad.interval_s << ' ' << bad.count;
        EXPECT_FALSE(keeps_alive(socket()));
    }
}

// SRS_SOCKET_OPTIONS_01_004, SRS_SOCKET_OPTIONS_01_005
TEST_F(options, buffer_sizes_are_set_each_by_itself)
{
    std::uint32_t send_before = 0;
    std::uint32_t receive_before = 0;
    ASSERT_EQ(socket_transport_get_buffer_sizes(local(), &send_before, &receive_before), 0);
    EXPECT_GT(send_before, 0u);
    EXPECT_GT(receive_before, 0u);
    std::uint32_t send = 0;
    std::uint32_t receive = 0;
    EXPECT_EQ(socket_transport_set_buffer_sizes(local(), 16384, 0), 0);
    ASSERT_EQ(socket_transport_get_buffer_sizes(local(), &send, nullptr), 0);
    ASSERT_EQ(socket_transport_get_buffer_sizes(local(), nullptr, &receive), 0);
    // The system may round, and double for its own use.
    EXPECT_GE(send, 16384u);
    EXPECT_LE(send, 4 * 16384u);
    EXPECT_EQ(receive, receive_before);
    EXPECT_EQ(socket_transport_set_buffer_sizes(local(), 0, 20000), 0);
    std::uint32_t send_after = 0;
    ASSERT_EQ(socket_transport_get_buffer_sizes(local(), &send_after, &receive), 0);
    EXPECT_EQ(send_after, send);
    EXPECT_GE(receive, 20000u);
    EXPECT_LE(receive, 80000u);
    EXPECT_EQ(socket_transport_set_buffer_sizes(local(), 0, 0), 0);
}

// SRS_SOCKET_OPTIONS_01_004, SRS_SOCKET_OPTIONS_01_005: what is accepted inherits them.
TEST_F(options, buffer_sizes_of_a_listening_transport)
{
    const listener server;
    EXPECT_EQ(socket_transport_set_buffer_sizes(server.get(), 16384, 20000), 0);
    std::uint32_t send = 0;
    std::uint32_t receive = 0;
    ASSERT_EQ(socket_transport_get_buffer_sizes(server.get(), &send, &receive), 0);
    EXPECT_GE(send, 16384u);
    EXPECT_GE(receive, 20000u);
    EXPECT_LE(receive, 80000u);
    const raw_peer peer(server.port());
    EXPECT_TRUE(server.accept());
}

// SRS_SOCKET_OPTIONS_01_005
TEST_F(options, buffer_sizes_go_into_at_least_one_place)
{
    EXPECT_NE(socket_transport_get_buffer_sizes(local(), nullptr, nullptr), 0);
}

// SRS_SOCKET_OPTIONS_01_006
TEST_F(options, the_peers_endpoint_is_the_peers_own)
{
    std::array<char, SOCKET_TRANSPORT_ADDRESS_SIZE> host{};
    std::uint16_t port = 0;
    ASSERT_EQ(socket_transport_get_peer_endpoint(local(), host.data(), host.size(), &port), 0);
    std::array<char, SOCKET_TRANSPORT_ADDRESS_SIZE> expected_host{};
    std::uint16_t expected_port = 0;
    ASSERT_EQ(socket_transport_get_local_endpoint(link.peer.get(), expected_host.data(), expected_host.size(),
                                                  &expected_port),
              0);
    EXPECT_STREQ(host.data(), expected_host.data());
    EXPECT_EQ(port, expected_port);
    EXPECT_STREQ(host.data(), "127.0.0.1");
    host.fill('x');
    EXPECT_NE(socket_transport_get_peer_endpoint(local(), host.data(), 9, &port), 0) << "no room for the terminator";
    EXPECT_EQ(host[0], 'x');
    EXPECT_EQ(socket_transport_get_peer_endpoint(local(), host.data(), 10, &port), 0);
}

// SRS_SOCKET_OPTIONS_01_006
TEST_F(options, the_peers_endpoint_of_an_ipv6_connection)
{
    if (!raw_peer::machine_has_ipv6_loopback()) {
        GTEST_SKIP() << "this machine has no ::1";
    }
    const listener server("::1");
    const transport_owner client(socket_transport_create_client());
    ASSERT_EQ(socket_transport_connect(client.get(), "::1", server.port(), 30000), 0);
    std::array<char, SOCKET_TRANSPORT_ADDRESS_SIZE> host{};
    std::uint16_t port = 0;
    ASSERT_EQ(socket_transport_get_peer_endpoint(client.get(), host.data(), host.size(), &port), 0);
    EXPECT_STREQ(host.data(), "::1");
    EXPECT_EQ(port, server.port());
}

// SRS_SOCKET_OPTIONS_01_007
TEST_F(options, a_reset_shows_the_peer_a_reset)
{
    const listener server;
    raw_peer peer(server.port());
    const transport_owner accepted = server.accept();
    socket_transport_reset(accepted.get());
    EXPECT_FALSE(socket_transport_is_valid_socket(accepted.get()));
    ASSERT_TRUE(peer.wait(true, false, generous_limit()).to_receive);
    unsigned char byte = 0;
    const long received = peer.receive(&byte, 1);
    if (!expected::reset_may_look_like_an_end_in_order) {
        EXPECT_EQ(received, -1) << "0 is an end in order";
    } else {
        EXPECT_LE(received, 0);
    }
}

// SRS_SOCKET_OPTIONS_01_007
TEST_F(options, a_reset_of_what_is_not_connected_does_what_disconnect_does)
{
    socket_transport_reset(nullptr);
    const transport_owner fresh(socket_transport_create_client());
    socket_transport_reset(fresh.get());
    socket_transport_disconnect(local());
    socket_transport_reset(local());
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
}

// SRS_SOCKET_OPTIONS_01_007: a call that is blocked on the transport ends.
TEST_F(options, a_reset_ends_a_receive_that_blocks)
{
    std::thread blocked([&] { EXPECT_TRUE(receive_exactly(local(), 1).empty()); });
    socket_transport_reset(local());
    blocked.join();
}

// SRS_SOCKET_OPTIONS_01_008
TEST_F(options, a_release_hands_the_socket_over)
{
    const SOCKET_HANDLE before = socket();
    SOCKET_HANDLE released = raw_peer::none();
    ASSERT_EQ(socket_transport_release(local(), &released), 0);
    EXPECT_EQ(released, before);
    EXPECT_FALSE(socket_transport_is_valid_socket(local()));
    EXPECT_NE(socket_transport_release(local(), &released), 0) << "a second time";
    link.local.reset();
    const transport_owner own(socket_transport_create_from_socket(released));
    ASSERT_TRUE(own);
    ASSERT_TRUE(send_all(own.get(), pattern(10)));
    EXPECT_EQ(receive_exactly(link.peer.get(), 10), pattern(10));
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    EXPECT_EQ(receive_exactly(own.get(), 10), pattern(10));
}

// SRS_SOCKET_OPTIONS_01_008
TEST_F(options, a_release_of_a_listening_transport_leaves_it_listening)
{
    const listener server;
    SOCKET_HANDLE released = raw_peer::none();
    ASSERT_EQ(socket_transport_release(server.get(), &released), 0);
    EXPECT_FALSE(socket_transport_is_valid_socket(server.get()));
    EXPECT_NO_THROW(raw_peer peer(server.port()));
    raw_peer::close(released);
    EXPECT_THROW(raw_peer peer(server.port()), std::runtime_error);
}

// SRS_SOCKET_OPTIONS_01_009: whichever comes first, the receive is never left with a socket that is somebody else's.
TEST_F(options, a_release_while_another_call_uses_the_transport_is_refused)
{
    bool was_refused = false;
    // The receive has ever more time to begin; when it has is nobody's to tell.
    const auto limit = std::chrono::steady_clock::now() + generous_limit();
    for (int round = 0; round < 100 || (!was_refused && std::chrono::steady_clock::now() < limit); ++round) {
        const connection each = make_connection();
        bytes received;
        std::thread blocked([&] { received = receive_exactly(each.local.get(), 1); });
        for (int spin = 0; spin != round; ++spin) {
            std::this_thread::yield();
        }
        SOCKET_HANDLE released = raw_peer::none();
        const bool refused = socket_transport_release(each.local.get(), &released) != 0;
        EXPECT_EQ(refused, released == raw_peer::none());
        ASSERT_TRUE(send_all(each.peer.get(), pattern(1)));
        blocked.join();
        if (refused) {
            EXPECT_EQ(received, pattern(1));
            was_refused = true;
        } else {
            EXPECT_TRUE(received.empty());
            raw_peer::close(released);
        }
    }
    EXPECT_TRUE(was_refused);
}

// SRS_SOCKET_OPTIONS_01_009
TEST_F(with_socket, options_a_release_of_what_an_async_socket_owns_is_refused)
{
    SOCKET_HANDLE released = raw_peer::none();
    EXPECT_NE(socket_transport_release(link.local.get(), &released), 0);
    expect_works(socket.get(), link.peer.get());
    const listener server;
    const listener_owner listening(async_listener_create(engine.get()));
    ASSERT_EQ(async_listener_open(listening.get(), server.get()), 0);
    EXPECT_NE(socket_transport_release(server.get(), &released), 0);
    EXPECT_EQ(released, raw_peer::none());
    const raw_peer peer(server.port());
}

// SRS_SOCKET_OPTIONS_01_001, SRS_SOCKET_OPTIONS_01_002, SRS_SOCKET_OPTIONS_01_004, SRS_SOCKET_OPTIONS_01_005,
// SRS_SOCKET_OPTIONS_01_006: while an async socket is at work on it.
TEST_F(with_socket, options_may_be_set_under_an_open_socket)
{
    SOCKET_TRANSPORT_HANDLE const transport = async_socket_get_transport(socket.get());
    const SOCKET_KEEP_ALIVE keep_alive{10, 10, 10};
    std::array<char, SOCKET_TRANSPORT_ADDRESS_SIZE> host{};
    std::uint16_t port = 0;
    std::uint32_t size = 0;
    start_receive_ex(socket.get(), 10);
    EXPECT_EQ(socket_transport_set_no_delay(transport, true), 0);
    EXPECT_EQ(socket_transport_set_keep_alive(transport, &keep_alive), 0);
    EXPECT_EQ(socket_transport_set_buffer_sizes(transport, 65536, 65536), 0);
    EXPECT_EQ(socket_transport_get_buffer_sizes(transport, &size, nullptr), 0);
    EXPECT_EQ(socket_transport_get_peer_endpoint(transport, host.data(), host.size(), &port), 0);
}

// SRS_SOCKET_OPTIONS_01_001, SRS_SOCKET_OPTIONS_01_002, SRS_SOCKET_OPTIONS_01_004, SRS_SOCKET_OPTIONS_01_005,
// SRS_SOCKET_OPTIONS_01_006, SRS_SOCKET_OPTIONS_01_008
TEST_F(options, of_what_is_not_connected_are_refused)
{
    const transport_owner fresh(socket_transport_create_client());
    socket_transport_disconnect(local());
    const SOCKET_KEEP_ALIVE keep_alive{10, 10, 10};
    for (SOCKET_TRANSPORT_HANDLE const each : {static_cast<SOCKET_TRANSPORT_HANDLE>(nullptr), fresh.get(), local()}) {
        std::uint32_t size = 7;
        std::uint16_t port = 7;
        std::array<char, SOCKET_TRANSPORT_ADDRESS_SIZE> host{'x'};
        SOCKET_HANDLE released = raw_peer::none();
        EXPECT_NE(socket_transport_set_no_delay(each, true), 0);
        EXPECT_NE(socket_transport_set_keep_alive(each, &keep_alive), 0);
        EXPECT_NE(socket_transport_set_keep_alive(each, nullptr), 0);
        EXPECT_NE(socket_transport_set_buffer_sizes(each, 1000, 1000), 0);
        EXPECT_NE(socket_transport_get_buffer_sizes(each, &size, &size), 0);
        EXPECT_NE(socket_transport_get_peer_endpoint(each, host.data(), host.size(), &port), 0);
        EXPECT_NE(socket_transport_release(each, &released), 0);
        EXPECT_EQ(size, 7u);
        EXPECT_EQ(port, 7u);
        EXPECT_EQ(host[0], 'x');
        EXPECT_EQ(released, raw_peer::none());
    }
    const listener server;
    EXPECT_NE(socket_transport_set_no_delay(server.get(), true), 0);
    EXPECT_NE(socket_transport_set_keep_alive(server.get(), &keep_alive), 0);
    std::array<char, SOCKET_TRANSPORT_ADDRESS_SIZE> host{};
    std::uint16_t port = 7;
    EXPECT_NE(socket_transport_get_peer_endpoint(server.get(), host.data(), host.size(), &port), 0);
}

} // namespace
} // namespace contract
