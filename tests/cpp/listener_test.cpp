// SPDX-License-Identifier: MIT
//
// Listeners, and sockets that connect.

#include <chrono>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/cpp_fixture.h"
#include "support/event.h"

namespace cpp_layer {
namespace {

using namespace std::chrono_literals;
using async_socket::bytes_of;
using async_socket::endpoint;
using async_socket::when_all;

class listener_of_cpp : public with_engine {
protected:
    listener_of_cpp() : server(engine, endpoint{"127.0.0.1", 0}) {}

    async_socket::listener server;
};

// SRS_CPP_01_057, SRS_CPP_01_054
TEST_F(listener_of_cpp, listens_on_a_port_that_it_tells)
{
    EXPECT_EQ(server.local_endpoint().host, "127.0.0.1");
    EXPECT_NE(server.local_endpoint().port, 0);
    const async_socket::listener everywhere(engine, endpoint{});
    EXPECT_NE(everywhere.local_endpoint().port, 0);
    EXPECT_EQ(async_socket::listener().local_endpoint(), endpoint());
}

// SRS_CPP_01_057
TEST_F(listener_of_cpp, that_cannot_listen_throws)
{
    try {
        const async_socket::listener second(engine, server.local_endpoint());
        FAIL() << "two listen on one port";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), condition::address_in_use);
        EXPECT_NE(std::string(error.what()).find("127.0.0.1"), std::string::npos);
    }
    EXPECT_THROW(async_socket::listener(engine, endpoint{"no address", 0}), std::system_error);
}

// SRS_CPP_01_058, SRS_CPP_01_048
TEST_F(listener_of_cpp, accepts_sockets_that_connect)
{
    run([&]() -> task<> {
        async_socket::socket client(engine);
        const auto connecting = [&]() -> task<std::error_code> {
            co_return co_await client.connect(server.local_endpoint(), 1h);
        };
        const auto accepting = [&]() -> task<async_socket::accept_result> { co_return co_await server.accept(); };
        auto [connect_error, accepted] = co_await when_all(connecting(), accepting());
        EXPECT_FALSE(connect_error) << connect_error.message();
        EXPECT_FALSE(accepted.error);
        EXPECT_EQ(accepted.socket.peer_endpoint(), client.local_endpoint());
        EXPECT_EQ(client.peer_endpoint(), server.local_endpoint());
        EXPECT_FALSE((co_await client.send(bytes_of("through"))).error);
        contract::bytes memory(7);
        EXPECT_FALSE((co_await accepted.socket.receive_exactly(writable(memory))).error);
        EXPECT_EQ(memory, as_bytes("through"));
        EXPECT_EQ(co_await client.connect(server.local_endpoint()), std::errc::already_connected);
    });
}

// SRS_CPP_01_058
TEST_F(listener_of_cpp, accepts_many_at_a_time)
{
    constexpr std::size_t number = 50;
    run([&]() -> task<> {
        std::vector<async_socket::socket> clients;
        std::vector<task<>> tasks;
        for (std::size_t index = 0; index != number; ++index) {
            clients.emplace_back(engine);
        }
        const auto connecting = [&](async_socket::socket& client) -> task<> {
            EXPECT_FALSE(co_await client.connect(server.local_endpoint()));
            contract::bytes memory(2);
            EXPECT_FALSE((co_await client.receive_exactly(writable(memory))).error);
        };
        const auto accepting = [&]() -> task<> {
            auto [error, peer] = co_await server.accept();
            EXPECT_FALSE(error);
            EXPECT_FALSE((co_await peer.send(bytes_of("hi"))).error);
        };
        for (async_socket::socket& client : clients) {
            tasks.push_back(connecting(client));
            tasks.push_back(accepting());
        }
        co_await when_all(std::move(tasks));
    });
}

// SRS_CPP_01_073, SRS_CPP_01_074
TEST_F(listener_of_cpp, accepts_connections_that_become_sockets_later)
{
    run([&]() -> task<> {
        async_socket::socket client(engine);
        EXPECT_FALSE(co_await client.connect(server.local_endpoint()));
        auto [error, connection] = co_await server.accept_connection(1h);
        EXPECT_FALSE(error);
        EXPECT_TRUE(static_cast<bool>(connection));
        EXPECT_EQ(connection.peer_endpoint(), client.local_endpoint());
        async_socket::socket accepted = std::move(connection).open(engine);
        EXPECT_TRUE(static_cast<bool>(accepted));
        EXPECT_FALSE(static_cast<bool>(connection));
        EXPECT_FALSE(static_cast<bool>(std::move(connection).open(engine)));
        EXPECT_FALSE((co_await client.send(bytes_of("through"))).error);
        contract::bytes memory(7);
        EXPECT_FALSE((co_await accepted.receive_exactly(writable(memory))).error);
        EXPECT_EQ(memory, as_bytes("through"));
    });
}

// SRS_CPP_01_073
TEST_F(listener_of_cpp, closes_a_connection_of_which_nobody_makes_a_socket)
{
    run([&]() -> task<> {
        async_socket::socket client(engine);
        EXPECT_FALSE(co_await client.connect(server.local_endpoint()));
        static_cast<void>(co_await server.accept_connection());
        contract::bytes memory(1);
        EXPECT_EQ((co_await client.receive(writable(memory))).error, condition::end_of_stream);
    });
}

// SRS_CPP_01_059, SRS_CPP_01_034, SRS_CPP_01_036
TEST_F(listener_of_cpp, gives_up_an_accept_of_a_connection_as_one_of_a_socket)
{
    std::stop_source source;
    run(
        [&]() -> task<> {
            const auto [error, connection] = co_await server.accept_connection(10ms);
            EXPECT_EQ(error, condition::timed_out);
            EXPECT_FALSE(static_cast<bool>(connection));
            std::jthread stopper([&] { source.request_stop(); });
            EXPECT_EQ((co_await server.accept_connection()).error, condition::cancelled);
        },
        source.get_token());
    server.close();
    run([&]() -> task<> { EXPECT_EQ((co_await server.accept_connection()).error, condition::closed); });
}

// SRS_CPP_01_034
TEST_F(listener_of_cpp, gives_up_an_accept_when_its_time_is_over)
{
    run([&]() -> task<> {
        const auto [error, peer] = co_await server.accept(10ms);
        EXPECT_EQ(error, condition::timed_out);
        EXPECT_FALSE(static_cast<bool>(peer));
    });
}

// SRS_CPP_01_035, SRS_CPP_01_036
TEST_F(listener_of_cpp, gives_up_an_accept_when_it_is_told_to)
{
    std::stop_source source;
    contract::event begun;
    std::jthread stopper([&] {
        static_cast<void>(begun.wait());
        source.request_stop();
    });
    run([&]() -> task<> {
        begun.set();
        const auto accepted = co_await server.accept(source.get_token());
        EXPECT_EQ(accepted.error, condition::cancelled);
        const auto accepting = [&]() -> task<std::error_code> { co_return (co_await server.accept()).error; };
        const auto deadline = []() -> task<> { co_await async_socket::sleep_for(1ms); };
        const auto first = co_await async_socket::when_any(accepting(), deadline());
        EXPECT_EQ(first.index, 1u);
    });
}

// SRS_CPP_01_059
TEST_F(listener_of_cpp, that_is_closed_ends_its_accepts)
{
    run([&]() -> task<> {
        const auto accepting = [&]() -> task<std::error_code> { co_return (co_await server.accept()).error; };
        const auto closing = [&]() -> task<> {
            co_await async_socket::sleep_for(1ms);
            server.close();
        };
        const auto [first, second, nothing] = co_await when_all(accepting(), accepting(), closing());
        EXPECT_EQ(first, condition::closed);
        EXPECT_EQ(second, condition::closed);
        EXPECT_EQ(co_await accepting(), condition::closed);
        async_socket::listener empty;
        EXPECT_EQ((co_await empty.accept()).error, condition::closed);
    });
}

// SRS_CPP_01_048
TEST_F(listener_of_cpp, that_is_gone_is_not_connected_to)
{
    const endpoint gone = server.local_endpoint();
    server = {};
    run([&]() -> task<> {
        async_socket::socket client(engine);
        EXPECT_EQ(co_await client.connect(gone), condition::refused);
        // It may be tried again.
        const async_socket::listener other(engine, {"127.0.0.1", 0});
        EXPECT_FALSE(co_await client.connect(other.local_endpoint()));
    });
}

// SRS_CPP_01_048
TEST_F(listener_of_cpp, is_not_found_by_a_name_that_is_none)
{
    run([&]() -> task<> {
        async_socket::socket client(engine);
        const std::error_code error = co_await client.connect({"no-such-host.invalid", 80}, 1h);
        EXPECT_EQ(error, condition::name_not_resolved) << error.message();
    });
}

// SRS_CPP_01_049
TEST_F(listener_of_cpp, connects_to_no_endpoint_without_host_or_port)
{
    run([&]() -> task<> {
        async_socket::socket client(engine);
        EXPECT_EQ(co_await client.connect({"", 80}), std::errc::invalid_argument);
        EXPECT_EQ(co_await client.connect({"127.0.0.1", 0}), std::errc::invalid_argument);
        EXPECT_EQ(co_await client.connect({std::string(254, 'a'), 80}), std::errc::invalid_argument);
    });
}

// SRS_CPP_01_035
TEST_F(listener_of_cpp, is_not_waited_for_by_a_connect_that_was_cancelled_before)
{
    std::stop_source source;
    source.request_stop();
    run([&]() -> task<> {
        async_socket::socket client(engine);
        const std::error_code error = co_await client.connect(server.local_endpoint(), source.get_token());
        EXPECT_EQ(error, condition::cancelled);
        EXPECT_FALSE(co_await client.connect(server.local_endpoint()));
    });
}

// SRS_CPP_01_057, SRS_CPP_01_086
TEST_F(listener_of_cpp, on_every_interface_takes_ipv4_whatever_the_port_and_tells_it_as_such)
{
    for (const char* const everywhere : {"", "::"}) {
        async_socket::listener all(engine, endpoint(everywhere, 0));
        run([&]() -> task<> {
            async_socket::socket client(engine);
            EXPECT_FALSE(co_await client.connect(endpoint("127.0.0.1", all.local_endpoint().port)));
            const auto accepted = co_await all.accept();
            EXPECT_FALSE(accepted.error);
            EXPECT_EQ(accepted.socket.peer_endpoint(), client.local_endpoint());
            EXPECT_EQ(accepted.socket.local_endpoint().host, "127.0.0.1");
        });
    }
}

// SRS_CPP_01_057
TEST_F(listener_of_cpp, says_that_a_name_is_no_address)
{
    try {
        const async_socket::listener named(engine, endpoint("localhost", 0));
        FAIL() << "it listens on a name";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::invalid_argument);
        EXPECT_NE(std::string(error.what()).find("localhost:0, whose host is not a numeric address"),
                  std::string::npos);
    }
}

// SRS_CPP_01_049, SRS_CPP_01_065
TEST_F(listener_of_cpp, a_second_connect_is_refused_in_the_same_way_awaited_or_not)
{
    run([&]() -> task<> {
        async_socket::socket client(engine);
        EXPECT_FALSE(co_await client.connect(server.local_endpoint()));
        const auto awaited = co_await client.connect(server.local_endpoint());
        EXPECT_EQ(awaited, std::errc::already_connected);
        EXPECT_EQ(client.async_connect(server.local_endpoint(), [](std::error_code) {}), awaited);
        const auto nowhere = co_await client.connect(endpoint());
        EXPECT_EQ(client.async_connect(endpoint(), [](std::error_code) {}), nowhere);
    });
}

} // namespace
} // namespace cpp_layer
