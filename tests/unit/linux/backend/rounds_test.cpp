// SPDX-License-Identifier: MIT
//
// What a round of a worker costs.

#include <cstddef>
#include <memory>
#include <vector>

#include <gtest/gtest.h>
#include <sys/ioctl.h>

#include "linux_faults/faults.h"
#include "linux_support/engines.h"
#include "linux_support/notification.h"
#include "support/fixture.h"

namespace linux_tests {
namespace {

using linux_faults::api;

constexpr std::size_t number_of_sockets = 50;

class rounds : public contract::with_socket {
protected:
    rounds() : with_socket(1, 1)
    {
        for (std::size_t i = 0; i != number_of_sockets; ++i) {
            links_.push_back(contract::make_connection());
            sockets_.push_back(contract::open_socket(engine.get(), links_.back().local.get()));
        }
    }

    void SetUp() override
    {
        // A look for work before a sleep is a call, too.
        ASSERT_EQ(execution_engine_linux_set_spin_limit(engine.get(), 0), 0);
        linux_faults::reset();
    }
    void TearDown() override { linux_faults::reset(); }

    std::vector<contract::connection> links_;
    std::vector<contract::socket_owner> sockets_;
};

// SRS_EXECUTION_ENGINE_LINUX_01_009
TEST_F(rounds, give_all_that_a_callback_starts_to_the_kernel_in_one_call)
{
    std::size_t calls_before = 0;
    std::vector<std::size_t> calls_after(number_of_sockets);
    std::vector<contract::send_operation*> sent;
    for (std::size_t i = 0; i != number_of_sockets; ++i) {
        sent.push_back(&new_send(contract::pattern(100)));
        sent.back()->in_callback = [&calls_after, i] { calls_after[i] = waits_of_workers(); };
        start_receive(sockets_[i].get(), 100);
    }
    notification starting([&] {
        for (std::size_t i = 0; i != number_of_sockets; ++i) {
            EXPECT_EQ(sent[i]->start(sockets_[i].get()), ASYNC_SOCKET_SEND_SYNC_OK);
        }
        calls_before = waits_of_workers();
    });
    ASSERT_EQ(starting.start(socket.get()), 0);
    for (std::size_t i = 0; i != number_of_sockets; ++i) {
        ASSERT_TRUE(sent[i]->wait());
        EXPECT_EQ(calls_after[i], calls_before + 1) << i;
    }
    EXPECT_EQ(linux_faults::calls(api::io_uring_submit), 0u);
    EXPECT_EQ(linux_faults::calls(api::send) + linux_faults::calls(api::sendmsg), 0u);
}

// SRS_EXECUTION_ENGINE_LINUX_01_009
TEST_F(rounds, give_all_that_other_threads_have_posted_to_the_kernel_in_one_call)
{
    std::vector<contract::send_operation*> sent;
    std::vector<std::size_t> calls_after(number_of_sockets);
    std::size_t calls_before = 0;
    {
        held_worker held(socket.get());
        ASSERT_TRUE(held.is_held());
        for (std::size_t i = 0; i != number_of_sockets; ++i) {
            sent.push_back(&new_send(contract::pattern(100)));
            sent.back()->in_callback = [&calls_after, i] { calls_after[i] = waits_of_workers(); };
            EXPECT_EQ(sent[i]->start(sockets_[i].get()), ASYNC_SOCKET_SEND_SYNC_OK);
        }
        calls_before = waits_of_workers();
    }
    for (std::size_t i = 0; i != number_of_sockets; ++i) {
        ASSERT_TRUE(sent[i]->wait());
        // The round in which the worker was held ends with a call of its own; the next one starts and submits them.
        EXPECT_LE(calls_after[i], calls_before + 2) << i;
    }
    EXPECT_EQ(linux_faults::calls(api::io_uring_submit), 0u);
}

// Starts one receive after the other, each when the one before has ended, and returns what they have got.
contract::bytes receive_in_pieces(ASYNC_SOCKET_HANDLE socket, std::vector<contract::receive_operation*>& pieces)
{
    contract::bytes received;
    for (contract::receive_operation* const each : pieces) {
        EXPECT_EQ(each->start(socket), 0);
        EXPECT_TRUE(each->wait());
        received.insert(received.end(), each->memory(), each->memory() + each->received());
    }
    return received;
}

// So that no receive sees a part of it only.
void wait_for_bytes(SOCKET_TRANSPORT_HANDLE transport, std::size_t count)
{
    const int fd = socket_transport_get_underlying_socket(transport);
    ASSERT_TRUE(wait_until([&] {
        int there = 0;
        return ioctl(fd, FIONREAD, &there) == 0 && static_cast<std::size_t>(there) == count;
    }));
}

// SRS_ASYNC_SOCKET_LINUX_01_030
TEST_F(rounds, are_not_waited_for_by_long_receives_behind_one_that_left_bytes)
{
    constexpr std::size_t piece = 16 * 1024;
    constexpr std::size_t count = 4;
    // What shows that nothing is left: an attempt that finds nothing, or one that is short.
    for (const std::size_t rest : {std::size_t{0}, std::size_t{100}}) {
        const contract::bytes sent = contract::pattern(piece * count + rest);
        ASSERT_TRUE(contract::send_all(link.peer.get(), sent));
        wait_for_bytes(link.local.get(), sent.size());
        linux_faults::reset();
        std::vector<contract::receive_operation*> pieces;
        for (std::size_t i = 0; i != count + (rest != 0 ? 1 : 0); ++i) {
            pieces.push_back(&new_receive(piece));
        }
        EXPECT_EQ(receive_in_pieces(socket.get(), pieces), sent);
        EXPECT_EQ(linux_faults::calls(api::recv), pieces.size() - 1) << rest;

        // From here on receives wait in the ring.
        contract::receive_operation& next = start_receive(socket.get(), piece);
        ASSERT_TRUE(wait_until([] { return linux_faults::calls(api::recv) == count; }));
        ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(10)));
        ASSERT_TRUE(next.wait());
        EXPECT_EQ(next.received(), 10u);
        expect_works(socket.get(), link.peer.get());
        EXPECT_EQ(linux_faults::calls(api::recv), count) << rest;
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_030, SRS_EXECUTION_ENGINE_LINUX_01_009
TEST_F(rounds, are_waited_for_by_receives_that_are_short_or_left_nothing)
{
    linux_faults::reset();
    // Short ones.
    std::size_t piece = 16 * 1024 - 1;
    contract::bytes sent = contract::pattern(piece * 2);
    ASSERT_TRUE(contract::send_all(link.peer.get(), sent));
    wait_for_bytes(link.local.get(), sent.size());
    std::vector<contract::receive_operation*> pieces{&new_receive(piece), &new_receive(piece)};
    EXPECT_EQ(receive_in_pieces(socket.get(), pieces), sent);
    // A long one that takes all there is, to the last byte.
    piece = 16 * 1024;
    sent = contract::pattern(piece);
    ASSERT_TRUE(contract::send_all(link.peer.get(), sent));
    wait_for_bytes(link.local.get(), sent.size());
    pieces = {&new_receive(piece)};
    EXPECT_EQ(receive_in_pieces(socket.get(), pieces), sent);
    expect_works(socket.get(), link.peer.get());
    EXPECT_EQ(linux_faults::calls(api::recv), 0u);
}

// What the attempt meets is the end of the receive, as it would be from the ring.
// SRS_ASYNC_SOCKET_LINUX_01_030, SRS_ASYNC_SOCKET_LINUX_01_015
TEST_F(rounds, are_not_waited_for_by_the_end_of_the_stream_behind_a_long_receive)
{
    constexpr std::size_t piece = 16 * 1024;
    const contract::bytes sent = contract::pattern(piece * 2);
    ASSERT_TRUE(contract::send_all(link.peer.get(), sent));
    wait_for_bytes(link.local.get(), sent.size());
    link.peer.reset();
    linux_faults::reset();
    std::vector<contract::receive_operation*> pieces{&new_receive(piece), &new_receive(piece), &new_receive(piece)};
    EXPECT_EQ(receive_in_pieces(socket.get(), pieces), sent);
    EXPECT_EQ(pieces.back()->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(linux_faults::calls(api::recv), 2u);
}

// More than the queue has room for goes in several calls, and nothing is lost.
// SRS_EXECUTION_ENGINE_LINUX_01_009
TEST_F(rounds, have_room_for_more_than_the_queue_holds)
{
    constexpr std::size_t count = 5000;
    std::vector<std::unique_ptr<notification>> notifications;
    for (std::size_t i = 0; i != count; ++i) {
        notifications.push_back(std::make_unique<notification>());
    }
    notification starting([&] {
        for (const std::unique_ptr<notification>& each : notifications) {
            EXPECT_EQ(each->start(socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_IN), 0);
        }
    });
    ASSERT_EQ(starting.start(socket.get()), 0);
    ASSERT_TRUE(starting.wait());
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(1)));
    for (const std::unique_ptr<notification>& each : notifications) {
        ASSERT_TRUE(each->wait());
        ASSERT_EQ(each->result(), ASYNC_SOCKET_NOTIFY_IO_RESULT_IN);
        ASSERT_EQ(each->calls(), 1u);
    }
    EXPECT_GT(linux_faults::calls(api::io_uring_submit), 0u);
}

} // namespace
} // namespace linux_tests
