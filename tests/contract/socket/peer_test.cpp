// SPDX-License-Identifier: MIT
//
// What the peer does to a connection, and how the operations of this end are called back.

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "expected_results.h"
#include "support/fixture.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

class with_open_socket : public with_engine {
protected:
    // More than the buffers of both ends of a connection take: the last ones stay pending.
    std::vector<send_operation*> start_sends_that_do_not_fit()
    {
        std::vector<send_operation*> sends;
        for (int i = 0; i != 24; ++i) {
            sends.push_back(&start_send(socket.get(), pattern(mebibyte)));
        }
        return sends;
    }

    socket_owner socket;
};

class peer : public with_open_socket {
protected:
    peer()
    {
        const listener server;
        raw = std::make_unique<raw_peer>(server.port());
        transport = server.accept();
        socket = open_socket(engine.get(), transport.get());
    }

    void send_from_peer(const bytes& data)
    {
        ASSERT_EQ(raw->send(data.data(), data.size()), static_cast<long>(data.size()));
    }

    std::unique_ptr<raw_peer> raw;
    transport_owner transport;
};

class resetting_peer : public with_open_socket {
protected:
    resetting_peer() { socket = open_socket(engine.get(), link.local()); }

    unaccepted_connection link;
};

void expect_last_ended(const std::vector<send_operation*>& sends, ASYNC_SOCKET_SEND_RESULT expected)
{
    for (send_operation* const sending : sends) {
        ASSERT_TRUE(sending->wait());
        EXPECT_EQ(sending->calls(), 1u);
    }
    EXPECT_EQ(sends.back()->result(), expected);
}

void expect_abandoned(receive_operation& receiving)
{
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_EQ(receiving.received(), 0u);
}

// SRS_ASYNC_SOCKET_WIN32_42_003
TEST_F(peer, that_closes_in_order_abandons_every_pending_receive)
{
    receive_operation& first = start_receive(socket.get(), 10);
    receive_operation& second = start_receive(socket.get(), 10);
    raw->close();
    expect_abandoned(first);
    expect_abandoned(second);
}

// SRS_ASYNC_SOCKET_WIN32_42_003
TEST_F(peer, that_has_closed_in_order_abandons_receives_started_later)
{
    raw->close();
    for (int i = 0; i != 3; ++i) {
        expect_abandoned(start_receive(socket.get(), 10));
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_069, SRS_ASYNC_SOCKET_WIN32_42_003
TEST_F(peer, that_sends_and_closes_is_received_to_the_last_byte)
{
    send_from_peer(pattern(5));
    raw->close();
    receive_operation& receiving = start_receive(socket.get(), 10);
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_EQ(receiving.received(), 5u);
    EXPECT_EQ(first_wrong_byte(receiving.memory(), 5), 5u);
    expect_abandoned(start_receive(socket.get(), 10));
}

// SRS_ASYNC_SOCKET_WIN32_01_069
TEST_F(peer, that_sends_less_than_the_buffer_completes_the_receive)
{
    receive_operation& receiving = start_receive(socket.get(), mebibyte);
    send_from_peer(pattern(1));
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_EQ(receiving.received(), 1u);
}

// SRS_ASYNC_SOCKET_WIN32_42_001, SRS_ASYNC_SOCKET_WIN32_42_003
TEST_F(peer, that_ends_with_a_reset_abandons_every_pending_receive)
{
    receive_operation& first = start_receive(socket.get(), 10);
    receive_operation& second = start_receive(socket.get(), 10);
    raw->reset();
    expect_abandoned(first);
    expect_abandoned(second);
}

// SRS_ASYNC_SOCKET_WIN32_01_067
TEST_F(peer, that_ends_with_a_reset_ends_pending_sends)
{
    const std::vector<send_operation*> sends = start_sends_that_do_not_fit();
    raw->reset();
    expect_last_ended(sends, expected::send_ended_by_reset);
}

// SRS_ASYNC_SOCKET_WIN32_42_001
TEST_F(resetting_peer, abandons_every_pending_receive)
{
    receive_operation& first = start_receive(socket.get(), 10);
    receive_operation& second = start_receive(socket.get(), 10);
    link.reset();
    expect_abandoned(first);
    expect_abandoned(second);
}

// SRS_ASYNC_SOCKET_WIN32_01_067
TEST_F(resetting_peer, ends_pending_sends)
{
    const std::vector<send_operation*> sends = start_sends_that_do_not_fit();
    link.reset();
    expect_last_ended(sends, expected::send_ended_by_reset);
}

// SRS_ASYNC_SOCKET_WIN32_42_002, SRS_ASYNC_SOCKET_GUARANTEE_01_002
TEST_F(resetting_peer, makes_sends_that_come_after_an_abandoned_receive_fail)
{
    receive_operation& receiving = start_receive(socket.get(), 10);
    link.reset();
    expect_abandoned(receiving);
    // The reset was seen. A send is refused, or accepted and not called back with OK.
    for (int i = 0; i != 3; ++i) {
        send_operation& sending = new_send(pattern(10));
        if (sending.start(socket.get()) == ASYNC_SOCKET_SEND_SYNC_OK) {
            ASSERT_TRUE(sending.wait());
            EXPECT_EQ(sending.result(), expected::send_ended_by_reset);
        }
    }
    async_socket_close(socket.get());
}

// SRS_ASYNC_SOCKET_WIN32_42_002
TEST_F(resetting_peer, is_why_the_first_send_that_is_refused_says_not_open)
{
    link.reset();
    ASYNC_SOCKET_SEND_SYNC_RESULT result = ASYNC_SOCKET_SEND_SYNC_OK;
    for (int i = 0; i != 10000 && result == ASYNC_SOCKET_SEND_SYNC_OK; ++i) {
        send_operation& sending = new_send(pattern(1));
        result = sending.start(socket.get());
        if (result == ASYNC_SOCKET_SEND_SYNC_OK) {
            ASSERT_TRUE(sending.wait());
        }
    }
    EXPECT_EQ(result, ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
}

// SRS_ASYNC_SOCKET_WIN32_42_001
TEST_F(resetting_peer, abandons_receives_started_later_or_makes_them_refused)
{
    link.reset();
    receive_operation& receiving = new_receive(10);
    const bool accepted = receiving.start(socket.get()) == 0;
    if (accepted) {
        expect_abandoned(receiving);
    }
    async_socket_close(socket.get());
    EXPECT_EQ(receiving.calls(), accepted ? 1u : 0u);
}

// SRS_ASYNC_SOCKET_WIN32_42_003, SRS_ASYNC_SOCKET_GUARANTEE_01_008
TEST_F(peer, that_has_ended_only_its_sending_can_still_be_sent_to)
{
    receive_operation& receiving = start_receive(socket.get(), 10);
    raw->shut_down_sending();
    expect_abandoned(receiving);

    send_operation& sending = start_send(socket.get(), pattern(100000));
    bytes all(100000);
    std::size_t received = 0;
    while (received != all.size()) {
        const long more = raw->receive(all.data() + received, all.size() - received);
        ASSERT_GT(more, 0);
        received += static_cast<std::size_t>(more);
    }
    EXPECT_EQ(first_wrong_byte(all.data(), all.size()), all.size());
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(sending.result(), ASYNC_SOCKET_SEND_OK);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(peer, that_resets_while_a_callback_closes)
{
    receive_operation& receiving = new_receive(10);
    event sent;
    receiving.in_callback = [&] {
        EXPECT_TRUE(sent.wait());
        raw->reset();
        async_socket_close(socket.get());
    };
    receive_operation& other = new_receive(10);
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASSERT_EQ(other.start(socket.get()), 0);
    send_from_peer(pattern(10));
    sent.set();
    ASSERT_TRUE(receiving.wait());
    expect_abandoned(other);
}

// SRS_ASYNC_SOCKET_WIN32_01_067, SRS_SOCKET_TRANSPORT_01_027
TEST_F(peer, that_does_not_read_leaves_sends_that_a_disconnect_ends)
{
    const std::vector<send_operation*> sends = start_sends_that_do_not_fit();
    socket_transport_disconnect(transport.get());
    expect_last_ended(sends, expected::send_ended_by_own_disconnect);
}

} // namespace
} // namespace contract
