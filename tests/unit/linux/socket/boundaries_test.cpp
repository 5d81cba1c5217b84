// SPDX-License-Identifier: MIT
//
// Sends and receives of several buffers, cut at every place where the kernel may cut them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "linux_support/fixture.h"
#include "support/raw_peer.h"

namespace linux_tests {
namespace {

using linux_faults::api;

constexpr std::size_t length = 12;

using shape = std::vector<std::size_t>;

// Every way of cutting it into one, two and three buffers.
std::vector<shape> all_shapes()
{
    std::vector<shape> result{{length}};
    for (std::size_t first = 1; first != length; ++first) {
        result.push_back({first, length - first});
        for (std::size_t second = 1; first + second < length; ++second) {
            result.push_back({first, second, length - first - second});
        }
    }
    return result;
}

void cut_sends(std::size_t bytes)
{
    for (const api each : {api::send, api::sendmsg, api::io_uring_transfer}) {
        linux_faults::cut_short(each, bytes);
    }
}

using boundaries = with_one_worker;

// SRS_ASYNC_SOCKET_LINUX_01_008
TEST_F(boundaries, of_the_buffers_of_a_send_meet_the_cuts_of_the_kernel_everywhere)
{
    for (std::size_t cut = 1; cut <= length; ++cut) {
        cut_sends(cut);
        for (const shape& pieces : all_shapes()) {
            contract::send_operation& sent = start_send(socket.get(), contract::pattern(length, cut), pieces);
            ASSERT_EQ(contract::receive_exactly(link.peer.get(), length), contract::pattern(length, cut))
                << "cut after " << cut << " bytes, buffers " << ::testing::PrintToString(pieces);
            ASSERT_TRUE(sent.wait());
            ASSERT_EQ(sent.result(), ASYNC_SOCKET_SEND_OK);
        }
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_019, SRS_ASYNC_SOCKET_LINUX_01_014
TEST_F(boundaries, of_the_buffers_of_a_receive_are_filled_across)
{
    for (const shape& pieces : all_shapes()) {
        ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(length)));
        contract::receive_operation& received = start_receive(socket.get(), length, pieces);
        ASSERT_TRUE(received.wait());
        ASSERT_EQ(received.received(), length) << ::testing::PrintToString(pieces);
        ASSERT_EQ(contract::first_wrong_byte(received.memory(), length), length);
    }
}

// However much has come at a time: what the receives report is that, in order.
// SRS_ASYNC_SOCKET_LINUX_01_019, SRS_ASYNC_SOCKET_LINUX_01_014
TEST_F(boundaries, of_the_buffers_of_a_receive_meet_the_cuts_of_the_stream_everywhere)
{
    for (std::size_t cut = 1; cut != length; ++cut) {
        for (const shape& pieces : all_shapes()) {
            std::size_t all = 0;
            for (const std::size_t part : {cut, length - cut}) {
                ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(part, all)));
                contract::receive_operation& received = start_receive(socket.get(), length, pieces);
                ASSERT_TRUE(received.wait());
                ASSERT_EQ(received.received(), part);
                ASSERT_EQ(contract::first_wrong_byte(received.memory(), part, all), part)
                    << "cut after " << cut << " bytes, buffers " << ::testing::PrintToString(pieces);
                all += part;
            }
        }
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_019, SRS_ASYNC_SOCKET_LINUX_01_014
TEST_F(boundaries, of_the_buffers_of_a_receive_meet_the_cuts_of_the_kernel_everywhere)
{
    if (!is_io_uring_under_test()) {
        GTEST_SKIP() << "a receive of a stream that is short has left nothing, see epoll(7)";
    }
    for (std::size_t cut = 1; cut <= length; ++cut) {
        linux_faults::cut_short(api::io_uring_transfer, cut);
        for (const shape& pieces : all_shapes()) {
            ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(length)));
            for (std::size_t all = 0; all != length;) {
                contract::receive_operation& received = start_receive(socket.get(), length, pieces);
                ASSERT_TRUE(received.wait());
                ASSERT_EQ(received.result(), ASYNC_SOCKET_RECEIVE_OK);
                ASSERT_EQ(received.received(), (std::min)(cut, length - all));
                ASSERT_EQ(contract::first_wrong_byte(received.memory(), received.received(), all), received.received())
                    << "cut after " << cut << " bytes, buffers " << ::testing::PrintToString(pieces);
                all += received.received();
            }
        }
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_008, SRS_ASYNC_SOCKET_LINUX_01_019
TEST_F(boundaries, of_more_buffers_than_a_system_call_takes)
{
    for (const std::size_t count : {1023u, 1024u, 1025u, 2048u, 2049u, 5000u}) {
        SCOPED_TRACE(count);
        const shape ones(count, 1);
        contract::send_operation& sent = start_send(socket.get(), contract::pattern(count), ones);
        ASSERT_EQ(contract::receive_exactly(link.peer.get(), count), contract::pattern(count));
        ASSERT_TRUE(sent.wait());
        EXPECT_EQ(sent.result(), ASYNC_SOCKET_SEND_OK);

        // All of it is there, so one receive gets all of it.
        ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(count, 7)));
        contract::receive_operation& received = start_receive(socket.get(), count, ones);
        ASSERT_TRUE(received.wait());
        EXPECT_EQ(received.received(), count);
        EXPECT_EQ(contract::first_wrong_byte(received.memory(), received.received(), 7), received.received());
        for (std::size_t all = received.received(); all < count;) {
            contract::receive_operation& more = start_receive(socket.get(), count);
            ASSERT_TRUE(more.wait());
            ASSERT_EQ(more.result(), ASYNC_SOCKET_RECEIVE_OK);
            all += more.received();
        }
    }
}

// The system holds little, and the peer reads a part of a buffer at a time: the send blocks in each of its buffers, the
// later ones included, and what follows it waits for it.
// SRS_ASYNC_SOCKET_LINUX_01_008, SRS_ASYNC_SOCKET_LINUX_01_012
TEST_F(boundaries, of_the_buffers_of_a_send_that_blocks_in_each_of_them)
{
    constexpr std::size_t buffers = 6;
    constexpr std::size_t each = std::size_t{1024} * 1024;
    constexpr std::size_t step = each / 4;
    // Of each side, and the system doubles it. With less, a connection over loopback waits for timers.
    const int little = 128 * 1024;
    const contract::listener server;
    contract::raw_peer peer(server.port());
    const contract::transport_owner accepted = server.accept();
    const int own = socket_transport_get_underlying_socket(accepted.get());
    ASSERT_EQ(setsockopt(own, SOL_SOCKET, SO_SNDBUF, &little, sizeof little), 0);
    ASSERT_EQ(setsockopt(peer.get(), SOL_SOCKET, SO_RCVBUF, &little, sizeof little), 0);
    const contract::socket_owner own_socket = contract::open_socket(engine.get(), accepted.get());

    contract::send_operation& sent =
        start_send(own_socket.get(), contract::pattern(buffers * each), shape(buffers, each));
    contract::send_operation& next = start_send(own_socket.get(), contract::pattern(100, buffers * each));
    contract::bytes part(step);
    std::size_t all = 0;
    while (all != buffers * each + 100) {
        if (all + each <= buffers * each) {
            await_worker();
            ASSERT_FALSE(sent.is_done()) << "with " << all << " bytes read, the last buffer cannot have been taken";
        }
        const long received = peer.receive(part.data(), step);
        ASSERT_GT(received, 0);
        const auto more = static_cast<std::size_t>(received);
        ASSERT_EQ(contract::first_wrong_byte(part.data(), more, all), more) << "after " << all;
        all += more;
    }
    ASSERT_TRUE(sent.wait());
    ASSERT_TRUE(next.wait());
    EXPECT_EQ(sent.result(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(next.result(), ASYNC_SOCKET_SEND_OK);
}

} // namespace
} // namespace linux_tests
