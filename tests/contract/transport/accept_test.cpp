// SPDX-License-Identifier: MIT
//
// socket_transport_accept: its results and its time.

#include <cstdint>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/connection.h"
#include "support/event.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

constexpr std::uint32_t long_ms = 30000;
constexpr std::uint32_t no_limit = UINT32_MAX;

class accepting : public ::testing::Test {
protected:
    transport_owner connect()
    {
        transport_owner client(socket_transport_create_client());
        EXPECT_EQ(socket_transport_connect(client.get(), "127.0.0.1", server.port(), long_ms), 0);
        return client;
    }

    listener server;
};

// SRS_SOCKET_TRANSPORT_01_030, SRS_SOCKET_TRANSPORT_01_034
TEST_F(accepting, with_nobody_there_gives_no_connection_when_the_time_is_over)
{
    for (const std::uint32_t time : {0u, 1u, 20u}) {
        SOCKET_TRANSPORT_HANDLE accepted = server.get();
        EXPECT_EQ(socket_transport_accept(server.get(), &accepted, time), SOCKET_ACCEPT_NO_CONNECTION);
        EXPECT_EQ(accepted, nullptr);
    }
}

// SRS_SOCKET_TRANSPORT_01_030, SRS_SOCKET_TRANSPORT_01_031
TEST_F(accepting, looks_once_when_it_has_no_time)
{
    const transport_owner client = connect();
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    // The connection is there for the client; the listener may learn of it a moment later.
    SOCKET_ACCEPT_RESULT result = SOCKET_ACCEPT_NO_CONNECTION;
    for (int i = 0; i != 1000000 && result == SOCKET_ACCEPT_NO_CONNECTION; ++i) {
        result = socket_transport_accept(server.get(), &accepted, 0);
    }
    EXPECT_EQ(result, SOCKET_ACCEPT_OK);
    EXPECT_NE(accepted, nullptr);
    socket_transport_destroy(accepted);
}

// SRS_SOCKET_TRANSPORT_01_031
TEST_F(accepting, gives_a_connected_client_transport)
{
    const transport_owner client = connect();
    const transport_owner accepted = server.accept();
    EXPECT_TRUE(socket_transport_is_valid_socket(accepted.get()));
    ASSERT_TRUE(send_all(client.get(), pattern(10)));
    EXPECT_EQ(receive_exactly(accepted.get(), 10), pattern(10));
    // A client: it does not listen.
    EXPECT_NE(socket_transport_listen_at(accepted.get(), "127.0.0.1", 0), 0);
}

// SRS_SOCKET_TRANSPORT_01_030, SRS_SOCKET_TRANSPORT_01_031
TEST_F(accepting, waits_for_a_connection_that_comes_later)
{
    for (const std::uint32_t time : {long_ms, no_limit}) {
        event waiting;
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        SOCKET_ACCEPT_RESULT result{};
        std::jthread thread([&] {
            waiting.set();
            result = socket_transport_accept(server.get(), &accepted, time);
        });
        ASSERT_TRUE(waiting.wait());
        const transport_owner client = connect();
        thread.join();
        EXPECT_EQ(result, SOCKET_ACCEPT_OK);
        socket_transport_destroy(accepted);
    }
}

// SRS_SOCKET_TRANSPORT_01_031, SRS_ASYNC_SOCKET_GUARANTEE_01_006
TEST_F(accepting, in_several_threads_gives_each_connection_to_one)
{
    constexpr int number = 40;
    counter accepted;
    std::vector<std::jthread> threads;
    for (int i = 0; i != 4; ++i) {
        threads.emplace_back([&] {
            for (int each = 0; each != number / 4; ++each) {
                SOCKET_TRANSPORT_HANDLE one = nullptr;
                EXPECT_EQ(socket_transport_accept(server.get(), &one, long_ms), SOCKET_ACCEPT_OK);
                accepted.add(one != nullptr ? 1 : 0);
                socket_transport_destroy(one);
            }
        });
    }
    std::vector<transport_owner> clients;
    for (int i = 0; i != number; ++i) {
        clients.push_back(connect());
    }
    for (std::jthread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(accepted.value(), static_cast<std::size_t>(number));
    // Each client has the end of its connection: each was accepted, and each was given back.
    for (const transport_owner& client : clients) {
        EXPECT_TRUE(receive_to_end(client.get()).ended_in_order);
    }
}

// SRS_SOCKET_TRANSPORT_01_033
TEST_F(accepting, is_not_disturbed_by_a_connection_that_its_peer_gave_up)
{
    raw_peer(server.port()).reset();
    // The one that was given up is handed out as a connection or counts as none; the next one comes either way.
    const transport_owner client = connect();
    ASSERT_TRUE(send_all(client.get(), pattern(10)));
    bytes received;
    for (int i = 0; i != 2 && received.empty(); ++i) {
        received = receive_exactly(server.accept().get(), 10);
    }
    EXPECT_EQ(received, pattern(10));
}

} // namespace
} // namespace contract
