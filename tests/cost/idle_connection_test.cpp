// SPDX-License-Identifier: MIT
//
// What a connection takes that waits for its peer.

#include <array>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "allocation_count.h"
#include "support/connection.h"
#include "support/engine_under_test.h"
#include "support/raw_peer.h"

namespace cost {
namespace {

constexpr std::size_t most_bytes = 400;

// One that a server has accepted, with a receive outstanding.
struct idle_connection {
    std::optional<contract::raw_peer> peer;
    contract::transport_owner transport;
    contract::socket_owner socket;
    std::array<unsigned char, 64> memory{};
};

void ignore_open(void*, ASYNC_SOCKET_OPEN_RESULT) {}
void ignore_receive(void*, ASYNC_SOCKET_RECEIVE_RESULT, std::uint32_t) {}

void begin(idle_connection& made, EXECUTION_ENGINE_HANDLE engine, const contract::listener& server)
{
    made.peer.emplace(server.port());
    made.transport = server.accept();
    made.socket.reset(async_socket_create(engine));
    ASSERT_TRUE(made.socket);
    ASSERT_EQ(async_socket_open_async(made.socket.get(), made.transport.get(), ignore_open, nullptr), 0);
    ASYNC_SOCKET_BUFFER buffer{made.memory.data(), static_cast<std::uint32_t>(made.memory.size())};
    ASSERT_EQ(async_socket_receive_async(made.socket.get(), &buffer, 1, ignore_receive, nullptr), 0);
}

// SRS_ASYNC_SOCKET_LINUX_01_029
TEST(idle_connection, takes_no_more_than_it_may)
{
    constexpr std::size_t number = 200;
    const contract::engine_owner engine(contract::create_engine_under_test(1, 1));
    ASSERT_TRUE(engine);
    const contract::listener server;
    std::vector<idle_connection> connections(number + 1);
    // The first one pays for what all of them use.
    ASSERT_NO_FATAL_FAILURE(begin(connections[number], engine.get(), server));

    const std::size_t before = allocated_bytes();
    for (std::size_t i = 0; i != number; ++i) {
        ASSERT_NO_FATAL_FAILURE(begin(connections[i], engine.get(), server));
    }
    const std::size_t bytes = (allocated_bytes() - before) / number;
    std::printf("%zu bytes for each connection, at most %zu\n", bytes, most_bytes);
    EXPECT_LE(bytes, most_bytes);
    // Socket, transport and record there must be.
    EXPECT_GT(bytes, 3 * sizeof(void*)) << "nothing was counted";
}

} // namespace
} // namespace cost
