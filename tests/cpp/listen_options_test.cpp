// SPDX-License-Identifier: MIT
//
// Listeners with options, on a thread of the program's choice, on what listens already, and several on one port.

#include <cstdint>
#include <memory>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "async_socket/listen_options.h"

#include "support/cpp_fixture.h"
#include "support/raw_peer.h"

namespace cpp_layer {
namespace {

using async_socket::endpoint;
using async_socket::engine_thread;
using async_socket::listen_on_every_thread;
using async_socket::listener;

constexpr SOCKET_LISTEN_OPTIONS reuse_port{true, false, 0};
const endpoint any_port{"127.0.0.1", 0};

class listen_options_of_cpp : public with_engine {
protected:
    listen_options_of_cpp() : with_engine(3) {}

    // Accepts `number` connections that have been made before; on which thread each was told of.
    std::vector<std::uint32_t> threads_of_accepts(listener& server, int number)
    {
        return run([&]() -> task<std::vector<std::uint32_t>> {
            std::vector<std::uint32_t> result;
            for (int i = 0; i != number; ++i) {
                const auto [error, connection] = co_await server.accept_connection();
                EXPECT_FALSE(error) << error.message();
                result.push_back(execution_engine_get_current_thread(engine.handle()));
            }
            co_return result;
        });
    }
    // How many of the connections that have been made wait for this listener.
    int take_all(listener& server)
    {
        return run([&]() -> task<int> {
            int result = 0;
            while (!(co_await server.accept_connection(std::chrono::milliseconds(0))).error) {
                ++result;
            }
            co_return result;
        });
    }
    [[nodiscard]] bool ties_sockets_to_threads()
    {
        return run([&]() -> task<bool> {
            co_return execution_engine_get_current_thread(engine.handle()) != EXECUTION_ENGINE_ANY_THREAD;
        });
    }
};

void expect_port_taken(async_socket::engine& engine, const endpoint& at, const SOCKET_LISTEN_OPTIONS& options)
{
    try {
        const listener second(engine, at, options);
        FAIL() << "two listen on one port";
    } catch (const std::system_error& error) {
        EXPECT_TRUE(error.code() == condition::address_in_use || error.code() == std::errc::operation_not_supported)
            << error.what();
    }
}

// SRS_CPP_01_120
TEST_F(listen_options_of_cpp, are_those_of_the_c_api)
{
    try {
        const listener first(engine, any_port, reuse_port);
        const listener second(engine, first.local_endpoint(), reuse_port);
        EXPECT_EQ(second.local_endpoint(), first.local_endpoint());
        expect_port_taken(engine, first.local_endpoint(), {});
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::operation_not_supported) << error.what();
    }
    if (contract::raw_peer::machine_has_ipv6_loopback()) {
        const listener everywhere(engine, endpoint{}, SOCKET_LISTEN_OPTIONS{false, true, 7});
        EXPECT_THROW(contract::raw_peer peer(everywhere.local_endpoint().port), std::runtime_error) << "IPv6 only";
    }
}

// SRS_CPP_01_121
TEST_F(listen_options_of_cpp, accepts_on_the_thread_that_is_asked_for)
{
    const bool is_tied = ties_sockets_to_threads();
    for (const std::uint32_t thread : {2u, 2u, 0u, 1u}) {
        listener server(engine_thread(engine, thread), any_port);
        const contract::raw_peer peer(server.local_endpoint().port);
        EXPECT_EQ(threads_of_accepts(server, 1).front(), is_tied ? thread : EXECUTION_ENGINE_ANY_THREAD);
    }
    try {
        const listener nowhere(engine_thread(engine, 3), any_port);
        FAIL() << "there is no such thread";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), condition::no_resources);
    }
}

// SRS_CPP_01_122
TEST_F(listen_options_of_cpp, adopts_what_listens_already)
{
    contract::transport_owner transport(socket_transport_create_server());
    EXPECT_EQ(listener::adopt(engine, transport.get()).handle(), nullptr) << "it does not listen";
    EXPECT_EQ(listener::adopt(engine, nullptr).handle(), nullptr);
    ASSERT_EQ(socket_transport_listen_at(transport.get(), "127.0.0.1", 0), 0) << "it is the caller's still";
    listener server = listener::adopt(engine_thread(engine, 1), transport.get());
    ASSERT_NE(server.handle(), nullptr);
    EXPECT_EQ(server.transport(), transport.get());
    EXPECT_EQ(listener::adopt(engine, transport.get()).handle(), nullptr) << "it is another one's";
    static_cast<void>(transport.release()); // that of the listener

    const endpoint at = server.local_endpoint();
    const contract::raw_peer peer(at.port);
    const std::uint32_t thread = threads_of_accepts(server, 1).front();
    EXPECT_EQ(thread, ties_sockets_to_threads() ? 1 : EXECUTION_ENGINE_ANY_THREAD);
    server = {};
    EXPECT_THROW(contract::raw_peer late(at.port), std::runtime_error);
}

// SRS_CPP_01_123, SRS_CPP_01_124
TEST_F(listen_options_of_cpp, lets_every_thread_accept)
{
    std::vector<listener> servers = listen_on_every_thread(engine, any_port);
    const endpoint at = servers.front().local_endpoint();
    if (servers.size() == 1) {
        expect_port_taken(engine, at, reuse_port);
        return;
    }
    ASSERT_EQ(servers.size(), engine.thread_count());
    // The system divides by chance, so each has some of so many.
    constexpr int connections = 100;
    std::vector<std::unique_ptr<contract::raw_peer>> peers;
    for (int i = 0; i != connections; ++i) {
        peers.push_back(std::make_unique<contract::raw_peer>(at.port));
    }
    std::set<std::uint32_t> threads;
    int total = 0;
    for (listener& each : servers) {
        EXPECT_EQ(each.local_endpoint(), at);
        threads.insert(threads_of_accepts(each, 1).front());
        total += 1 + take_all(each);
    }
    EXPECT_EQ(threads.size(), servers.size());
    EXPECT_EQ(total, connections);
}

// SRS_CPP_01_124
TEST_F(listen_options_of_cpp, listens_once_for_one_thread)
{
    async_socket::engine alone(contract::create_engine_under_test(1, 1));
    std::vector<listener> servers = listen_on_every_thread(alone, any_port, SOCKET_LISTEN_OPTIONS{true, false, 10});
    ASSERT_EQ(servers.size(), 1u);
    expect_port_taken(engine, servers.front().local_endpoint(), reuse_port);
    const contract::raw_peer peer(servers.front().local_endpoint().port);
    EXPECT_EQ(threads_of_accepts(servers.front(), 1).size(), 1u);
}

// SRS_CPP_01_123, SRS_CPP_01_057
TEST_F(listen_options_of_cpp, tells_why_no_thread_can_listen)
{
    const listener first(engine, any_port);
    try {
        static_cast<void>(listen_on_every_thread(engine, first.local_endpoint()));
        FAIL() << "the port is taken";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), condition::address_in_use);
    }
}

} // namespace
} // namespace cpp_layer
