// SPDX-License-Identifier: MIT
//
// A disconnect ends what other threads are blocked in, and is harmless when it is repeated.

#include <array>
#include <cstdint>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/connection.h"
#include "support/event.h"

namespace contract {
namespace {

constexpr std::uint32_t no_accept_limit = UINT32_MAX;

// The call of the other thread may be in any stage of its beginning: several rounds meet several of them.
constexpr int rounds = 20;

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_026, SRS_SOCKET_TRANSPORT_01_033
TEST(disconnect, wakes_a_blocked_accept)
{
    for (int round = 0; round != rounds; ++round) {
        const listener server;
        event waiting;
        event woken;
        SOCKET_TRANSPORT_HANDLE accepted = nullptr;
        SOCKET_ACCEPT_RESULT result{};
        std::jthread thread([&] {
            waiting.set();
            result = socket_transport_accept(server.get(), &accepted, no_accept_limit);
            woken.set();
        });
        EXPECT_TRUE(waiting.wait());
        socket_transport_disconnect(server.get());
        EXPECT_TRUE(woken.wait());
        thread.join();
        EXPECT_EQ(result, SOCKET_ACCEPT_ERROR);
        EXPECT_EQ(accepted, nullptr);
    }
}

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_026
TEST(disconnect, wakes_a_blocked_receive)
{
    for (int round = 0; round != rounds; ++round) {
        const connection link = make_connection();
        event waiting;
        event woken;
        std::size_t received = 1;
        std::jthread thread([&] {
            waiting.set();
            received = receive_to_end(link.local.get()).data.size();
            woken.set();
        });
        EXPECT_TRUE(waiting.wait());
        socket_transport_disconnect(link.local.get());
        EXPECT_TRUE(woken.wait());
        thread.join();
        EXPECT_EQ(received, 0u);
        EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
    }
}

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_026
TEST(disconnect, wakes_a_blocked_receive_that_has_received_before)
{
    const connection link = make_connection();
    event got_one;
    event woken;
    std::jthread thread([&] {
        EXPECT_EQ(receive_exactly(link.local.get(), 1), pattern(1));
        got_one.set();
        receive_to_end(link.local.get());
        woken.set();
    });
    EXPECT_TRUE(send_all(link.peer.get(), pattern(1)));
    EXPECT_TRUE(got_one.wait());
    socket_transport_disconnect(link.local.get());
    EXPECT_TRUE(woken.wait());
    thread.join();
}

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_026
TEST(disconnect, wakes_a_blocked_send)
{
    const connection link = make_connection();
    event sending;
    event woken;
    bool all_sent = true;
    std::jthread thread([&] {
        sending.set();
        all_sent = send_all(link.local.get(), pattern(32 * mebibyte));
        woken.set();
    });
    EXPECT_TRUE(sending.wait());
    // The send has begun when bytes of it arrive; the peer then reads no more.
    EXPECT_EQ(receive_exactly(link.peer.get(), 1), pattern(1));
    socket_transport_disconnect(link.local.get());
    EXPECT_TRUE(woken.wait());
    thread.join();
    EXPECT_FALSE(all_sent);
}

// SRS_SOCKET_TRANSPORT_01_024
TEST(disconnect, twice_and_before_destroy)
{
    connection link = make_connection();
    socket_transport_disconnect(link.local.get());
    socket_transport_disconnect(link.local.get());
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
    link.local.reset();
}

// SRS_SOCKET_TRANSPORT_01_024, SRS_SOCKET_TRANSPORT_01_026
TEST(disconnect, from_several_threads_closes_one_socket_and_no_other)
{
    for (int round = 0; round != rounds; ++round) {
        const connection link = make_connection();
        std::vector<std::jthread> threads;
        std::vector<connection> others(4);
        for (std::size_t i = 0; i != others.size(); ++i) {
            // Each makes sockets while the others disconnect: a socket closed twice would be one of these.
            threads.emplace_back([&, i] {
                socket_transport_disconnect(link.local.get());
                others[i] = make_connection();
            });
        }
        for (std::jthread& thread : threads) {
            thread.join();
        }
        for (const connection& other : others) {
            ASSERT_TRUE(send_all(other.local.get(), pattern(10)));
            EXPECT_EQ(receive_exactly(other.peer.get(), 10), pattern(10));
        }
        EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
    }
}

// SRS_SOCKET_TRANSPORT_01_036, SRS_SOCKET_TRANSPORT_01_041
TEST(disconnect, makes_later_calls_fail)
{
    const connection link = make_connection();
    socket_transport_disconnect(link.local.get());
    std::array<unsigned char, 4> memory{};
    SOCKET_BUFFER buffer{4, memory.data()};
    std::uint32_t number = 0;
    EXPECT_EQ(socket_transport_send(link.local.get(), &buffer, 1, &number, 0, nullptr), SOCKET_SEND_ERROR);
    EXPECT_EQ(socket_transport_receive(link.local.get(), &buffer, 1, &number, 0, nullptr), SOCKET_RECEIVE_ERROR);
}

// SRS_SOCKET_TRANSPORT_01_029
TEST(disconnect, makes_a_later_accept_fail)
{
    const listener server;
    socket_transport_disconnect(server.get());
    SOCKET_TRANSPORT_HANDLE accepted = server.get();
    EXPECT_EQ(socket_transport_accept(server.get(), &accepted, no_accept_limit), SOCKET_ACCEPT_ERROR);
    EXPECT_EQ(accepted, nullptr);
}

} // namespace
} // namespace contract
