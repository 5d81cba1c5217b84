// SPDX-License-Identifier: MIT
//
// Sends and receives of several buffers, cut at every boundary.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "expected_results.h"
#include "support/fixture.h"

namespace contract {
namespace {

using pieces = std::vector<std::size_t>;

constexpr std::size_t message_length = 9;

using boundaries = with_socket;

// Every way to cut `length` bytes into one, two or three buffers.
std::vector<pieces> every_split(std::size_t length)
{
    std::vector<pieces> splits{{length}};
    for (std::size_t first = 1; first != length; ++first) {
        splits.push_back({first, length - first});
        for (std::size_t second = 1; first + second != length; ++second) {
            splits.push_back({first, second, length - first - second});
        }
    }
    return splits;
}

std::string text(const pieces& split)
{
    std::string result;
    for (const std::size_t length : split) {
        result.append(" ").append(std::to_string(length));
    }
    return result;
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_007, SRS_ASYNC_SOCKET_GUARANTEE_01_008, SRS_ASYNC_SOCKET_WIN32_01_056
TEST_F(boundaries, a_send_is_whole_however_it_is_cut)
{
    for (const pieces& split : every_split(message_length)) {
        send_operation& sending = start_send(socket.get(), pattern(message_length), split);
        EXPECT_EQ(receive_exactly(link.peer.get(), message_length), pattern(message_length)) << text(split);
        ASSERT_TRUE(sending.wait());
        EXPECT_EQ(sending.result(), ASYNC_SOCKET_SEND_OK);
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_007, SRS_ASYNC_SOCKET_WIN32_01_079
TEST_F(boundaries, a_receive_of_a_whole_message_fills_its_buffers_however_they_are_cut)
{
    for (const pieces& split : every_split(message_length)) {
        receive_operation& receiving = start_receive(socket.get(), message_length, split);
        ASSERT_TRUE(send_all(link.peer.get(), pattern(message_length)));
        ASSERT_TRUE(receiving.wait());
        ASSERT_EQ(receiving.received(), message_length) << text(split);
        EXPECT_EQ(first_wrong_byte(receiving.memory(), message_length), message_length) << text(split);
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_007, SRS_ASYNC_SOCKET_WIN32_01_079
TEST_F(boundaries, a_receive_of_less_than_its_buffers_touches_only_what_it_reports)
{
    for (std::size_t length = 1; length != message_length; ++length) {
        for (const pieces& split : every_split(message_length)) {
            receive_operation& receiving = new_receive(message_length, split);
            std::fill(receiving.memory(), receiving.memory() + message_length, static_cast<unsigned char>(0xdd));
            ASSERT_EQ(receiving.start(socket.get()), 0);
            ASSERT_TRUE(send_all(link.peer.get(), pattern(length)));
            ASSERT_TRUE(receiving.wait());
            ASSERT_EQ(receiving.received(), length) << text(split);
            EXPECT_EQ(first_wrong_byte(receiving.memory(), length), length) << text(split);
            EXPECT_EQ(std::count(receiving.memory() + length, receiving.memory() + message_length, 0xdd),
                      static_cast<std::ptrdiff_t>(message_length - length))
                << text(split);
        }
    }
}

class many_buffers : public with_socket, public ::testing::WithParamInterface<std::size_t> {};

// SRS_ASYNC_SOCKET_GUARANTEE_01_007, SRS_ASYNC_SOCKET_GUARANTEE_01_008
TEST_P(many_buffers, of_one_byte_each_are_sent_whole)
{
    const std::size_t number = GetParam();
    send_operation& sending = start_send(socket.get(), pattern(number), pieces(number, 1));
    EXPECT_EQ(receive_exactly(link.peer.get(), number), pattern(number));
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(sending.result(), ASYNC_SOCKET_SEND_OK);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_007
TEST_P(many_buffers, of_one_byte_each_are_filled)
{
    const std::size_t number = GetParam();
    ASSERT_TRUE(send_all(link.peer.get(), pattern(number)));
    std::size_t received = 0;
    while (received != number) {
        receive_operation& receiving = start_receive(socket.get(), number, pieces(number, 1));
        ASSERT_TRUE(receiving.wait());
        ASSERT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_OK);
        EXPECT_EQ(first_wrong_byte(receiving.memory(), receiving.received(), received), receiving.received());
        received += receiving.received();
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_007, SRS_ASYNC_SOCKET_GUARANTEE_01_008
TEST_P(many_buffers, that_are_large_are_sent_whole_to_a_peer_that_reads_late)
{
    const std::size_t number = GetParam();
    constexpr std::size_t each = 4093;
    send_operation& sending = start_send(socket.get(), pattern(number * each), pieces(number, each));
    send_operation& following = start_send(socket.get(), pattern(100, number * each));
    const bytes all = receive_exactly(link.peer.get(), number * each + 100);
    ASSERT_EQ(all.size(), number * each + 100);
    EXPECT_EQ(first_wrong_byte(all.data(), all.size()), all.size());
    ASSERT_TRUE(sending.wait());
    ASSERT_TRUE(following.wait());
    EXPECT_EQ(sending.result(), ASYNC_SOCKET_SEND_OK);
}

INSTANTIATE_TEST_SUITE_P(numbers, many_buffers, ::testing::Values(2, 64, 1000),
                         [](const auto& one) { return std::to_string(one.param); });

// SRS_ASYNC_SOCKET_GUARANTEE_01_007
TEST_F(boundaries, as_many_buffers_as_the_platform_takes)
{
    constexpr std::size_t number = expected::largest_buffer_count;
    constexpr std::size_t each = 7;
    send_operation& sending = start_send(socket.get(), pattern(number * each), pieces(number, each));
    const bytes all = receive_exactly(link.peer.get(), number * each);
    EXPECT_EQ(all, pattern(number * each));
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(sending.result(), ASYNC_SOCKET_SEND_OK);

    receive_operation& receiving = start_receive(socket.get(), number * each, pieces(number, each));
    ASSERT_TRUE(send_all(link.peer.get(), pattern(number)));
    ASSERT_TRUE(receiving.wait());
    ASSERT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_EQ(first_wrong_byte(receiving.memory(), receiving.received()), receiving.received());
}

} // namespace
} // namespace contract
