// SPDX-License-Identifier: MIT
//
// A send is never cut short: OK means that every byte was handed to the system.

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"

namespace contract {
namespace {

constexpr std::size_t eight_mebibytes = 8 * 1024 * 1024;

using whole_sends = with_socket;

// SRS_ASYNC_SOCKET_GUARANTEE_01_008, SRS_ASYNC_SOCKET_WIN32_01_066, SRS_ASYNC_SOCKET_WIN32_01_102
TEST_F(whole_sends, eight_mebibytes_to_a_peer_that_reads_in_small_pieces)
{
    send_operation& sending = start_send(socket.get(), pattern(eight_mebibytes));
    std::size_t received = 0;
    while (received != eight_mebibytes) {
        const bytes piece = receive_exactly(link.peer.get(), (std::min)(eight_mebibytes - received, std::size_t{3001}));
        ASSERT_FALSE(piece.empty());
        ASSERT_EQ(first_wrong_byte(piece.data(), piece.size(), received), piece.size());
        received += piece.size();
    }
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(sending.result(), ASYNC_SOCKET_SEND_OK);
    async_socket_close(socket.get());
    EXPECT_TRUE(receive_to_end(link.peer.get()).data.empty());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_008
TEST_F(whole_sends, several_large_ones_outstanding_at_once)
{
    constexpr std::size_t number = 4;
    std::vector<send_operation*> sends;
    for (std::size_t i = 0; i != number; ++i) {
        sends.push_back(&start_send(socket.get(), pattern(eight_mebibytes, i * eight_mebibytes),
                                    {1, 4095, 65536, eight_mebibytes - 69632}));
    }
    const bytes all = receive_exactly(link.peer.get(), number * eight_mebibytes);
    ASSERT_EQ(all.size(), number * eight_mebibytes);
    EXPECT_EQ(first_wrong_byte(all.data(), all.size()), all.size());
    for (send_operation* const sending : sends) {
        ASSERT_TRUE(sending->wait());
        EXPECT_EQ(sending->result(), ASYNC_SOCKET_SEND_OK);
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_008
TEST_F(whole_sends, what_was_reported_sent_arrives_although_the_socket_is_closed_at_once)
{
    send_operation& sending = start_send(socket.get(), pattern(eight_mebibytes));
    bytes all = receive_exactly(link.peer.get(), eight_mebibytes / 2);
    bool sent = false;
    while (!sent) {
        const bytes more = receive_exactly(link.peer.get(), 65536);
        ASSERT_FALSE(more.empty());
        all.insert(all.end(), more.begin(), more.end());
        sent = sending.is_done() || all.size() == eight_mebibytes;
    }
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(sending.result(), ASYNC_SOCKET_SEND_OK);
    socket.reset();
    const rest_of_stream rest = receive_to_end(link.peer.get());
    all.insert(all.end(), rest.data.begin(), rest.data.end());
    EXPECT_TRUE(rest.ended_in_order);
    ASSERT_EQ(all.size(), eight_mebibytes);
    EXPECT_EQ(first_wrong_byte(all.data(), all.size()), all.size());
}

} // namespace
} // namespace contract
