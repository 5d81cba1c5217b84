// SPDX-License-Identifier: MIT
//
// What there is to a socket beside sending and receiving.

#include <array>
#include <chrono>
#include <optional>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

#include "expected_results.h"
#include "support/cpp_fixture.h"
#include "support/event.h"
#include "support/raw_peer.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::bytes_of;

class socket_of_cpp : public with_peer {};

// SRS_CPP_01_056
TEST_F(socket_of_cpp, is_moved_with_what_is_under_way)
{
    const ASYNC_SOCKET_HANDLE handle = local.handle();
    run([&]() -> task<> {
        contract::bytes memory(3);
        async_socket::socket other;
        const auto receiver = [&]() -> task<std::error_code> {
            co_return (co_await local.receive_exactly(writable(memory))).error;
        };
        const auto mover = [&]() -> task<> {
            co_await async_socket::sleep_for(1ms);
            other = std::move(local);
            EXPECT_TRUE(contract::send_all(peer.get(), as_bytes("abc")));
        };
        const auto [error, nothing] = co_await async_socket::when_all(receiver(), mover());
        EXPECT_FALSE(error);
        EXPECT_EQ(memory, as_bytes("abc"));
        EXPECT_EQ(other.handle(), handle);
        EXPECT_FALSE(static_cast<bool>(local));
        EXPECT_EQ(local.handle(), nullptr);
    });
    EXPECT_FALSE(std::is_copy_constructible_v<async_socket::socket>);
}

// SRS_CPP_01_056
TEST_F(socket_of_cpp, is_not_made_of_a_transport_that_is_none)
{
    EXPECT_FALSE(static_cast<bool>(async_socket::socket::adopt(engine, nullptr)));
    const contract::transport_owner unconnected(socket_transport_create_client());
    EXPECT_FALSE(static_cast<bool>(async_socket::socket::adopt(engine, unconnected.get())));
}

// SRS_CPP_01_051
TEST_F(socket_of_cpp, that_is_closed_ends_what_is_under_way)
{
    run([&]() -> task<> {
        contract::bytes memory(3);
        bool ended = false;
        const auto receiver = [&]() -> task<> {
            const auto [error, bytes] = co_await local.receive(writable(memory));
            EXPECT_EQ(error, condition::closed);
            ended = true;
        };
        const auto closer = [&]() -> task<> {
            co_await async_socket::sleep_for(1ms);
            local.close();
            EXPECT_TRUE(ended);
        };
        co_await async_socket::when_all(receiver(), closer());
    });
    EXPECT_TRUE(contract::receive_to_end(peer.get()).ended_in_order);
}

// SRS_CPP_01_051
TEST_F(socket_of_cpp, is_closed_inside_its_own_coroutine_and_from_elsewhere)
{
    contract::event waits;
    std::jthread closer([&] {
        static_cast<void>(waits.wait());
        local.close();
    });
    run([&]() -> task<> {
        contract::bytes memory(3);
        waits.set();
        EXPECT_EQ((co_await local.receive(writable(memory))).error, condition::closed);
        local.close();
        local = {};
        co_await async_socket::sleep_for(0ms);
    });
}

// SRS_CPP_01_051
TEST_F(socket_of_cpp, is_destroyed_by_the_coroutine_that_its_callback_has_resumed)
{
    peer_sends("x");
    run([&]() -> task<> {
        contract::bytes memory(1);
        EXPECT_FALSE((co_await local.receive(writable(memory))).error);
        local = {};
        co_await async_socket::sleep_for(0ms);
    });
}

// SRS_CPP_01_051
TEST_F(socket_of_cpp, that_is_reset_resets_the_peer)
{
    local.reset();
    const contract::rest_of_stream rest = contract::receive_to_end(peer.get());
    EXPECT_FALSE(rest.ended_in_order && !contract::expected::blocking_receive_may_take_a_reset_for_the_end);
}

// SRS_CPP_01_052
TEST_F(socket_of_cpp, gives_its_connection_away)
{
    const auto [error, released] = local.release();
    ASSERT_FALSE(error);
    const contract::transport_owner transport(socket_transport_create_from_socket(released));
    ASSERT_TRUE(static_cast<bool>(transport));
    EXPECT_TRUE(contract::send_all(transport.get(), as_bytes("still")));
    EXPECT_EQ(contract::receive_exactly(peer.get(), 5), as_bytes("still"));
    EXPECT_EQ(local.release().error, condition::closed);
    EXPECT_EQ(async_socket::socket().release().error, condition::closed);
}

// SRS_CPP_01_053
TEST_F(socket_of_cpp, takes_options)
{
    EXPECT_FALSE(local.set_no_delay(true));
    EXPECT_FALSE(local.set_no_delay(false));
    EXPECT_FALSE(local.set_keep_alive(SOCKET_KEEP_ALIVE{10, 5, 3}));
    EXPECT_FALSE(local.set_keep_alive(std::nullopt));
    EXPECT_EQ(local.set_keep_alive(SOCKET_KEEP_ALIVE{0, 5, 3}), std::errc::invalid_argument);
    EXPECT_FALSE(local.set_buffer_sizes({.send_bytes = 30'000, .receive_bytes = 40'000}));
    const std::optional<async_socket::buffer_sizes> sizes = local.get_buffer_sizes();
    ASSERT_TRUE(sizes.has_value());
    EXPECT_GE(sizes->send_bytes, 30'000u);
    EXPECT_GE(sizes->receive_bytes, 40'000u);
    local.close();
    EXPECT_EQ(local.set_no_delay(true), condition::closed);
    EXPECT_EQ(local.set_keep_alive(std::nullopt), condition::closed);
    EXPECT_EQ(local.set_buffer_sizes({1, 1}), condition::closed);
    EXPECT_EQ(local.get_buffer_sizes().has_value(), false);
    EXPECT_EQ(async_socket::socket().set_no_delay(true), condition::closed);
}

// SRS_CPP_01_054
TEST_F(socket_of_cpp, tells_its_endpoints)
{
    EXPECT_EQ(local.local_endpoint().host, "127.0.0.1");
    EXPECT_EQ(local.peer_endpoint().host, "127.0.0.1");
    EXPECT_NE(local.local_endpoint().port, 0);
    EXPECT_NE(local.peer_endpoint(), local.local_endpoint());
    std::array<char, 64> host{};
    std::uint16_t port = 0;
    ASSERT_EQ(socket_transport_get_local_endpoint(peer.get(), host.data(), host.size(), &port), 0);
    EXPECT_EQ(local.peer_endpoint(), (async_socket::endpoint{host.data(), port}));
    local.close();
    EXPECT_EQ(local.local_endpoint(), async_socket::endpoint());
    EXPECT_EQ(local.peer_endpoint(), async_socket::endpoint());
    EXPECT_EQ(async_socket::socket().local_endpoint(), async_socket::endpoint());
}

// SRS_CPP_01_055, SRS_CPP_01_021
TEST_F(socket_of_cpp, counts)
{
    peer_sends("123");
    run([&]() -> task<> {
        contract::bytes memory(3);
        EXPECT_FALSE((co_await local.receive_exactly(writable(memory))).error);
        EXPECT_FALSE((co_await local.send(bytes_of("12345"))).error);
    });
    const ASYNC_SOCKET_COUNTERS counted = local.counters();
    EXPECT_EQ(counted.bytes_received, 3u);
    EXPECT_EQ(counted.bytes_sent, 5u);
    EXPECT_GE(counted.receives, 1u);
    EXPECT_EQ(counted.sends, 1u);
    EXPECT_EQ(engine.counters().bytes_sent, 5u);
    EXPECT_EQ(engine.counters().sockets, 1u);
    EXPECT_EQ(async_socket::socket().counters().sends, 0u);
}

class sockets_of_cpp : public with_sockets {};

// SRS_CPP_01_031
TEST_F(sockets_of_cpp, exchange_many_messages)
{
    constexpr int turns = 2000;
    const auto ping = [](async_socket::socket& on) -> task<> {
        contract::bytes memory(64);
        for (int turn = 0; turn != turns; ++turn) {
            EXPECT_FALSE((co_await on.send(readable(memory))).error);
            EXPECT_FALSE((co_await on.receive_exactly(writable(memory))).error);
        }
    };
    run([&]() -> task<> { co_await async_socket::when_all(ping(left), ping(right)); });
}

} // namespace
} // namespace cpp_layer
