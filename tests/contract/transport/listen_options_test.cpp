// SPDX-License-Identifier: MIT
//
// Several transports on one port, and transports on sockets that listen already.

#include <cstdint>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "async_socket/listen_options.h"
#include "async_socket/placement.h"
#include "async_socket/socket_options.h"

#include "support/fixture.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

constexpr SOCKET_LISTEN_OPTIONS reuse_port{true, false, 0};

struct listening_with_options {
    transport_owner transport{socket_transport_create_server()};
    int result = -1;
    std::int32_t error = -1;
    std::uint16_t port = 0;
};

listening_with_options listen(const char* address, std::uint16_t port, const SOCKET_LISTEN_OPTIONS* options)
{
    listening_with_options made;
    made.result = socket_transport_listen_with_options(made.transport.get(), address, port, options, &made.error);
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
    if (made.result == 0) {
        EXPECT_EQ(socket_transport_get_local_endpoint(made.transport.get(), host, sizeof host, &made.port), 0);
    }
    return made;
}

// SRS_LISTEN_OPTIONS_01_001, SRS_LISTEN_OPTIONS_01_005
TEST(listen_options, are_none_that_must_be_given)
{
    constexpr SOCKET_LISTEN_OPTIONS zeroed{};
    constexpr SOCKET_LISTEN_OPTIONS short_backlog{false, false, 1};
    constexpr SOCKET_LISTEN_OPTIONS endless_backlog{false, false, UINT32_MAX};
    for (const SOCKET_LISTEN_OPTIONS* const options :
         {static_cast<const SOCKET_LISTEN_OPTIONS*>(nullptr), &zeroed, &short_backlog, &endless_backlog}) {
        const listening_with_options server = listen("127.0.0.1", 0, options);
        ASSERT_EQ(server.result, 0);
        EXPECT_EQ(server.error, 0);
        const raw_peer peer(server.port);
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        EXPECT_EQ(socket_transport_accept(server.transport.get(), &accepted, 60'000), SOCKET_ACCEPT_OK);
        socket_transport_destroy(accepted);
        const listening_with_options second = listen("127.0.0.1", server.port, options);
        EXPECT_NE(second.result, 0) << "the port is taken";
        EXPECT_NE(second.error, 0);
    }
    EXPECT_NE(socket_transport_listen_with_options(nullptr, "127.0.0.1", 0, nullptr, nullptr), 0);
    const listening_with_options no_address = listen("no address", 0, nullptr);
    EXPECT_NE(no_address.result, 0);
    EXPECT_NE(no_address.error, 0);
}

// SRS_LISTEN_OPTIONS_01_002, SRS_LISTEN_OPTIONS_01_003
TEST(listen_options, let_several_listen_on_one_port)
{
    listening_with_options first = listen("127.0.0.1", 0, &reuse_port);
    if (first.result != 0) {
        EXPECT_NE(first.error, 0) << "the system does not have it, and says so";
        return;
    }
    const listening_with_options alone = listen("127.0.0.1", first.port, nullptr);
    EXPECT_NE(alone.result, 0) << "it does not ask for it";
    listening_with_options second = listen("127.0.0.1", first.port, &reuse_port);
    ASSERT_EQ(second.result, 0);

    // The system divides by chance, so each has some of so many.
    constexpr int connections = 100;
    std::vector<std::unique_ptr<raw_peer>> peers;
    for (int i = 0; i != connections; ++i) {
        peers.push_back(std::make_unique<raw_peer>(first.port));
    }
    int total = 0;
    for (listening_with_options* const each : {&first, &second}) {
        int accepted_here = 0;
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        while (socket_transport_accept(each->transport.get(), &accepted, 0) == SOCKET_ACCEPT_OK) {
            socket_transport_destroy(accepted);
            ++accepted_here;
        }
        EXPECT_GT(accepted_here, 0);
        total += accepted_here;
    }
    EXPECT_EQ(total, connections);
}

// SRS_LISTEN_OPTIONS_01_004
TEST(listen_options, keep_every_interface_to_ipv6)
{
    if (!raw_peer::machine_has_ipv6_loopback()) {
        GTEST_SKIP() << "no IPv6";
    }
    constexpr SOCKET_LISTEN_OPTIONS v6_only{false, true, 0};
    const listening_with_options server = listen(nullptr, 0, &v6_only);
    ASSERT_EQ(server.result, 0);
    EXPECT_THROW(raw_peer peer(server.port), std::runtime_error) << "it connects to 127.0.0.1";
    const transport_owner client(socket_transport_create_client());
    EXPECT_EQ(socket_transport_connect(client.get(), "::1", server.port, 60'000), 0);
    const listening_with_options both = listen(nullptr, 0, nullptr);
    ASSERT_EQ(both.result, 0);
    const raw_peer peer(both.port);
}

// What a process is given that was started with a socket.
SOCKET_HANDLE release_of(transport_owner& transport)
{
    SOCKET_HANDLE result = raw_peer::none();
    EXPECT_EQ(socket_transport_release(transport.get(), &result), 0);
    transport.reset();
    return result;
}

// SRS_LISTEN_OPTIONS_01_006
TEST_F(with_engine, listen_options_adopt_a_socket_that_listens)
{
    listening_with_options made = listen("127.0.0.1", 0, nullptr);
    ASSERT_EQ(made.result, 0);
    const transport_owner adopted(socket_transport_create_from_listening_socket(release_of(made.transport)));
    ASSERT_TRUE(adopted);
    EXPECT_TRUE(socket_transport_is_valid_socket(adopted.get()));
    {
        const raw_peer peer(made.port);
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        ASSERT_EQ(socket_transport_accept(adopted.get(), &accepted, 60'000), SOCKET_ACCEPT_OK);
        socket_transport_destroy(accepted);
    }
    EXPECT_NE(socket_transport_listen_at(adopted.get(), "127.0.0.1", 0), 0) << "it listens already";
    listener_owner serving(async_listener_create(engine.get()));
    ASSERT_EQ(async_listener_open(serving.get(), adopted.get()), 0);
    accept_operation& accepting = make<accept_operation>();
    ASSERT_EQ(accepting.start(serving.get()), 0);
    const raw_peer peer(made.port);
    ASSERT_TRUE(accepting.wait());
    EXPECT_EQ(accepting.status(), ASYNC_STATUS_OK);
    serving.reset();
    EXPECT_FALSE(socket_transport_is_valid_socket(adopted.get()));
    EXPECT_THROW(raw_peer late(made.port), std::runtime_error);
}

// SRS_LISTEN_OPTIONS_01_007
TEST(listen_options, adopt_no_socket_that_does_not_listen)
{
    EXPECT_EQ(socket_transport_create_from_listening_socket(raw_peer::none()), nullptr);
    connection link = make_connection();
    SOCKET_HANDLE connected = raw_peer::none();
    ASSERT_EQ(socket_transport_release(link.local.get(), &connected), 0);
    EXPECT_EQ(socket_transport_create_from_listening_socket(connected), nullptr);
    // It is the caller's still, and does what it did.
    raw_peer still(raw_peer::adopted{connected});
    EXPECT_EQ(still.send("x", 1), 1);
    EXPECT_EQ(receive_exactly(link.peer.get(), 1), bytes{'x'});
}

// Listeners on one port, each on a thread of its own. SRS_LISTEN_OPTIONS_01_002, SRS_PLACEMENT_01_004
TEST_F(with_engine, listen_options_let_every_thread_accept)
{
    listening_with_options first = listen("127.0.0.1", 0, &reuse_port);
    if (first.result != 0) {
        GTEST_SKIP() << "the system does not have it";
    }
    const std::uint32_t threads = execution_engine_get_thread_count(engine.get());
    std::vector<listening_with_options> servers;
    servers.push_back(std::move(first));
    std::vector<listener_owner> listeners;
    for (std::uint32_t thread = 0; thread != threads; ++thread) {
        if (thread != 0) {
            servers.push_back(listen("127.0.0.1", servers.front().port, &reuse_port));
            ASSERT_EQ(servers.back().result, 0);
        }
        listeners.emplace_back(async_listener_create_on(engine.get(), thread));
        ASSERT_EQ(async_listener_open(listeners.back().get(), servers.back().transport.get()), 0);
    }
    constexpr std::size_t connections = 60;
    counter accepted;
    std::vector<accept_operation*> accepts;
    for (std::uint32_t thread = 0; thread != threads; ++thread) {
        for (std::size_t i = 0; i != connections; ++i) {
            accept_operation& each = *accepts.emplace_back(&make<accept_operation>());
            each.in_callback = [&, thread] {
                if (each.status() == ASYNC_STATUS_OK) {
                    EXPECT_EQ(execution_engine_get_current_thread(engine.get()), thread);
                    accepted.add();
                }
            };
            ASSERT_EQ(each.start(listeners[thread].get()), 0);
        }
    }
    std::vector<std::unique_ptr<raw_peer>> peers;
    for (std::size_t i = 0; i != connections; ++i) {
        peers.push_back(std::make_unique<raw_peer>(servers.front().port));
    }
    EXPECT_TRUE(accepted.wait_for(connections));
    // Closed while others may be accepting, none is called back twice or not at all.
    listeners.clear();
    std::size_t ok = 0;
    for (accept_operation* const each : accepts) {
        ASSERT_TRUE(each->is_done());
        EXPECT_EQ(each->calls(), 1u);
        ok += each->status() == ASYNC_STATUS_OK ? 1 : 0;
    }
    EXPECT_EQ(ok, connections);
}

} // namespace
} // namespace contract
