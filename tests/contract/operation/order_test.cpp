// SPDX-License-Identifier: MIT
//
// Bytes leave in the order of the sends and fill the receives in the order of their starts.

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"

namespace contract {
namespace {

using order = with_socket;

// A size from 1 to `largest`, small ones more often.
std::size_t seeded_size(std::mt19937& random, std::size_t largest)
{
    const std::size_t bound = largest >> (random() % 8);
    return 1 + random() % (bound > 1 ? bound : 1);
}

// Puts what the receives got together in the order in which they were started, and checks each byte.
void expect_filled_in_order(const std::vector<receive_operation*>& receives, std::size_t length)
{
    std::size_t at = 0;
    for (receive_operation* const one : receives) {
        ASSERT_TRUE(one->wait());
        ASSERT_EQ(first_wrong_byte(one->memory(), one->received(), at), one->received()) << "at " << at;
        at += one->received();
    }
    EXPECT_EQ(at, length);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_007, SRS_ASYNC_SOCKET_GUARANTEE_01_008
TEST_F(order, thousands_of_sends_of_seeded_sizes_arrive_in_the_order_of_their_starts)
{
    std::mt19937 random(1);
    std::size_t length = 0;
    std::vector<send_operation*> sends;
    for (int i = 0; i != 4000; ++i) {
        const std::size_t size = seeded_size(random, 16 * 1024);
        sends.push_back(&new_send(pattern(size, length)));
        length += size;
    }
    std::jthread starting([&] {
        for (send_operation* const sending : sends) {
            EXPECT_EQ(sending->start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
        }
        // Some systems cancel the pending operations of a thread that ends.
        for (send_operation* const sending : sends) {
            EXPECT_TRUE(sending->wait());
        }
    });
    const bytes all = receive_exactly(link.peer.get(), length);
    starting.join();
    ASSERT_EQ(all.size(), length);
    EXPECT_EQ(first_wrong_byte(all.data(), all.size()), length);
    for (const send_operation* const sending : sends) {
        EXPECT_EQ(sending->result(), ASYNC_SOCKET_SEND_OK);
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_007
TEST_F(order, outstanding_receives_are_filled_in_the_order_of_their_starts)
{
    std::mt19937 random(2);
    constexpr std::size_t length = 200000;
    std::vector<receive_operation*> receives;
    for (int i = 0; i != 500; ++i) {
        receives.push_back(&start_receive(socket.get(), seeded_size(random, 4096)));
    }
    std::jthread sending([&] {
        std::mt19937 sizes(3);
        std::size_t sent = 0;
        while (sent != length) {
            const std::size_t size = (std::min)(seeded_size(sizes, 8192), length - sent);
            ASSERT_TRUE(send_all(link.peer.get(), pattern(size, sent)));
            sent += size;
        }
        socket_transport_disconnect(link.peer.get());
    });
    // Posts more as long as they are filled; the last ones meet the end of the stream.
    std::size_t at = 0;
    std::size_t received = 0;
    while (received != length && at != receives.size()) {
        ASSERT_TRUE(receives[at]->wait());
        received += receives[at]->received();
        ++at;
        receives.push_back(&start_receive(socket.get(), seeded_size(random, 4096)));
    }
    sending.join();
    expect_filled_in_order(receives, length);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_007
TEST_F(order, receives_started_in_callbacks_continue_the_stream)
{
    constexpr std::size_t length = 100000;
    constexpr std::size_t number = 2000;
    std::vector<receive_operation*> receives;
    for (std::size_t i = 0; i != number; ++i) {
        receives.push_back(&new_receive(1 + i % 300));
    }
    event ended;
    std::size_t started = 1;
    for (receive_operation* const one : receives) {
        one->in_callback = [&, one] {
            if (one->result() == ASYNC_SOCKET_RECEIVE_OK && started != number) {
                EXPECT_EQ(receives[started++]->start(socket.get()), 0);
            } else {
                ended.set();
            }
        };
    }
    ASSERT_EQ(receives[0]->start(socket.get()), 0);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(length)));
    socket_transport_disconnect(link.peer.get());
    ASSERT_TRUE(ended.wait());
    receives.resize(started);
    expect_filled_in_order(receives, length);
    EXPECT_EQ(receives.back()->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_007
TEST_F(order, both_directions_at_once_through_two_sockets)
{
    constexpr std::size_t number = 400;
    constexpr std::size_t size = 5000;
    const socket_owner other = open_socket(engine.get(), link.peer.get());
    const std::vector<ASYNC_SOCKET_HANDLE> ends{socket.get(), other.get()};
    std::vector<std::vector<receive_operation*>> receives(ends.size());
    std::vector<send_operation*> sends;
    for (std::size_t i = 0; i != number; ++i) {
        for (std::size_t end = 0; end != ends.size(); ++end) {
            receives[end].push_back(&start_receive(ends[end], size));
            sends.push_back(&start_send(ends[end], pattern(size, i * size)));
        }
    }
    for (std::size_t end = 0; end != ends.size(); ++end) {
        std::size_t received = 0;
        for (std::size_t at = 0; received != number * size; ++at) {
            // Receives are cut where segments are: more of them may be needed than there are sends.
            if (at == receives[end].size()) {
                receives[end].push_back(&start_receive(ends[end], size));
            }
            receive_operation& one = *receives[end][at];
            ASSERT_TRUE(one.wait());
            ASSERT_EQ(one.result(), ASYNC_SOCKET_RECEIVE_OK);
            ASSERT_EQ(first_wrong_byte(one.memory(), one.received(), received), one.received());
            received += one.received();
        }
    }
    for (send_operation* const sending : sends) {
        ASSERT_TRUE(sending->wait());
        EXPECT_EQ(sending->result(), ASYNC_SOCKET_SEND_OK);
    }
}

} // namespace
} // namespace contract
