// SPDX-License-Identifier: MIT
//
// Synchronous socket_transport_send and _receive.

#include <cstdint>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "expected_results.h"
#include "support/connection.h"

namespace contract {
namespace {

class transport_io : public ::testing::Test {
protected:
    connection link = make_connection();
};

// Cuts the memory into buffers of these lengths.
std::vector<SOCKET_BUFFER> cut(bytes& memory, const std::vector<std::uint32_t>& lengths)
{
    std::vector<SOCKET_BUFFER> buffers;
    unsigned char* at = memory.data();
    for (const std::uint32_t length : lengths) {
        buffers.push_back({length, at});
        at += length;
    }
    return buffers;
}

// SRS_SOCKET_TRANSPORT_01_037, SRS_SOCKET_TRANSPORT_WIN32_01_007
TEST_F(transport_io, sends_the_bytes_of_all_buffers_and_counts_them)
{
    bytes memory = pattern(100);
    const std::vector<SOCKET_BUFFER> buffers = cut(memory, {1, 50, 49});
    std::uint32_t sent = 0;
    EXPECT_EQ(socket_transport_send(link.local.get(), buffers.data(), 3, &sent, 0, nullptr), SOCKET_SEND_OK);
    EXPECT_EQ(sent, 100u);
    EXPECT_EQ(receive_exactly(link.peer.get(), 100), pattern(100));
}

// SRS_SOCKET_TRANSPORT_01_042, SRS_SOCKET_TRANSPORT_WIN32_01_007
TEST_F(transport_io, receives_into_all_buffers_and_counts_the_bytes)
{
    ASSERT_TRUE(send_all(link.peer.get(), pattern(60)));
    bytes memory(100, 0xdd);
    std::vector<SOCKET_BUFFER> buffers = cut(memory, {1, 50, 49});
    std::uint32_t received = 0;
    EXPECT_EQ(socket_transport_receive(link.local.get(), buffers.data(), 3, &received, 0, nullptr), SOCKET_RECEIVE_OK);
    EXPECT_EQ(received, 60u);
    EXPECT_EQ(first_wrong_byte(memory.data(), 60), 60u);
    EXPECT_EQ(memory[60], 0xdd);
}

// SRS_SOCKET_TRANSPORT_01_037, SRS_SOCKET_TRANSPORT_01_042
TEST_F(transport_io, counts_are_not_stored_where_the_pointer_is_null)
{
    bytes memory = pattern(10);
    std::vector<SOCKET_BUFFER> buffers = cut(memory, {10});
    EXPECT_EQ(socket_transport_send(link.local.get(), buffers.data(), 1, nullptr, 0, nullptr), SOCKET_SEND_OK);
    bytes into(10);
    buffers = cut(into, {10});
    EXPECT_EQ(socket_transport_receive(link.peer.get(), buffers.data(), 1, nullptr, 0, nullptr), SOCKET_RECEIVE_OK);
    EXPECT_EQ(into, pattern(10));
}

// SRS_SOCKET_TRANSPORT_01_052
TEST_F(transport_io, the_end_of_the_stream_is_received_as_a_shutdown_without_an_error)
{
    socket_transport_disconnect(link.peer.get());
    bytes memory(10);
    std::vector<SOCKET_BUFFER> buffers = cut(memory, {10});
    std::uint32_t received = 7;
    EXPECT_EQ(socket_transport_receive(link.local.get(), buffers.data(), 1, &received, 0, nullptr),
              SOCKET_RECEIVE_SHUTDOWN);
    EXPECT_EQ(expected::last_socket_error(), 0);
    EXPECT_EQ(received, 0u);
}

// SRS_SOCKET_TRANSPORT_01_042
TEST_F(transport_io, a_receive_without_room_is_no_end_of_the_stream)
{
    ASSERT_TRUE(send_all(link.peer.get(), pattern(1)));
    bytes memory(1);
    std::vector<SOCKET_BUFFER> buffers = cut(memory, {0});
    EXPECT_EQ(socket_transport_receive(link.local.get(), buffers.data(), 1, nullptr, 0, nullptr), SOCKET_RECEIVE_OK);
    EXPECT_EQ(receive_exactly(link.local.get(), 1), pattern(1));
}

// SRS_SOCKET_TRANSPORT_01_051, SRS_SOCKET_TRANSPORT_01_039
TEST(transport_io_with, a_peer_that_has_reset_fails_to_send)
{
    unaccepted_connection link;
    link.reset();
    bytes memory(10);
    const std::vector<SOCKET_BUFFER> buffers = cut(memory, {10});
    std::uint32_t number = 0;
    EXPECT_EQ(socket_transport_send(link.local(), buffers.data(), 1, &number, 0, nullptr), SOCKET_SEND_SHUTDOWN);
    EXPECT_NE(expected::last_socket_error(), 0);
}

// SRS_SOCKET_TRANSPORT_01_045
TEST_F(transport_io, flags_are_the_systems)
{
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    for (const std::uint32_t flags : {expected::flag_peek, expected::flag_peek, 0u}) {
        bytes memory(10);
        std::vector<SOCKET_BUFFER> buffers = cut(memory, {10});
        std::uint32_t received = 0;
        EXPECT_EQ(socket_transport_receive(link.local.get(), buffers.data(), 1, &received, flags, nullptr),
                  SOCKET_RECEIVE_OK);
        EXPECT_EQ(memory, pattern(10));
    }
    // The last one took the bytes.
    socket_transport_disconnect(link.peer.get());
    EXPECT_TRUE(receive_to_end(link.local.get()).data.empty());
}

// SRS_SOCKET_TRANSPORT_01_052, SRS_SOCKET_TRANSPORT_01_039
TEST(transport_io_with, a_peer_that_has_reset_fails_to_receive)
{
    unaccepted_connection link;
    link.reset();
    bytes memory(10);
    std::vector<SOCKET_BUFFER> buffers = cut(memory, {10});
    std::uint32_t received = 7;
    EXPECT_EQ(socket_transport_receive(link.local(), buffers.data(), 1, &received, 0, nullptr),
              SOCKET_RECEIVE_SHUTDOWN);
    if (!expected::blocking_receive_may_take_a_reset_for_the_end) {
        EXPECT_NE(expected::last_socket_error(), 0);
    }
}

// SRS_SOCKET_TRANSPORT_01_037
TEST_F(transport_io, large_sends_are_whole)
{
    constexpr std::uint32_t length = 4 * 1024 * 1024;
    bytes memory = pattern(length);
    const std::vector<SOCKET_BUFFER> buffers = cut(memory, {1, length - 2, 1});
    std::uint32_t sent = 0;
    SOCKET_SEND_RESULT result{};
    std::jthread sending(
        [&] { result = socket_transport_send(link.local.get(), buffers.data(), 3, &sent, 0, nullptr); });
    const bytes all = receive_exactly(link.peer.get(), length);
    sending.join();
    EXPECT_EQ(result, SOCKET_SEND_OK);
    EXPECT_EQ(sent, length);
    EXPECT_EQ(first_wrong_byte(all.data(), all.size()), length);
}

} // namespace
} // namespace contract
