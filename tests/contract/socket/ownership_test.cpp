// SPDX-License-Identifier: MIT
//
// Who owns the connection, the transport's handle and the engine, and until when.

#include <gtest/gtest.h>

#include "support/fixture.h"

namespace contract {
namespace {

void ignore_open(void*, ASYNC_SOCKET_OPEN_RESULT) {}

void count(void* context, ASYNC_SOCKET_OPEN_RESULT)
{
    ++*static_cast<int*>(context);
}

using ownership = with_socket;
using ownership_of_open = with_connection;

// SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_F(ownership, close_ends_the_stream_of_the_peer)
{
    async_socket_close(socket.get());
    const rest_of_stream rest = receive_to_end(link.peer.get());
    EXPECT_TRUE(rest.ended_in_order);
    EXPECT_TRUE(rest.data.empty());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_F(ownership, what_was_sent_before_the_close_reaches_the_peer)
{
    send_operation& sending = start_send(socket.get(), pattern(1000));
    ASSERT_TRUE(sending.wait());
    async_socket_close(socket.get());
    const rest_of_stream rest = receive_to_end(link.peer.get());
    EXPECT_TRUE(rest.ended_in_order);
    EXPECT_EQ(rest.data, pattern(1000));
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_F(ownership, close_disconnects_the_transport)
{
    EXPECT_TRUE(socket_transport_is_valid_socket(link.local.get()));
    async_socket_close(socket.get());
    EXPECT_FALSE(socket_transport_is_valid_socket(link.local.get()));
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001, SRS_ASYNC_SOCKET_WIN32_01_006
TEST_F(ownership, destroy_without_close_ends_the_stream_of_the_peer)
{
    socket.reset();
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
    EXPECT_FALSE(socket_transport_is_valid_socket(link.local.get()));
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_F(ownership, the_transport_may_be_destroyed_before_the_close)
{
    link.local.reset();
    async_socket_close(socket.get());
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_F(ownership, the_transport_may_be_destroyed_after_the_close)
{
    async_socket_close(socket.get());
    link.local.reset();
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_F(ownership, the_transport_may_be_destroyed_after_the_socket)
{
    socket.reset();
    link.local.reset();
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001, SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_SOCKET_TRANSPORT_01_007
TEST_F(ownership, the_connection_goes_on_when_the_transport_is_destroyed)
{
    receive_operation& first = start_receive(socket.get(), 10);
    link.local.reset();
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    ASSERT_TRUE(first.wait());
    EXPECT_EQ(first.result(), ASYNC_SOCKET_RECEIVE_OK);
    receive_operation& second = start_receive(socket.get(), 10);
    send_operation& sending = start_send(socket.get(), pattern(20));
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(sending.result(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(receive_exactly(link.peer.get(), 20), pattern(20));
    EXPECT_EQ(second.calls(), 0u);
    async_socket_close(socket.get());
    EXPECT_EQ(second.calls(), 1u);
    EXPECT_EQ(second.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001, SRS_SOCKET_TRANSPORT_01_027
TEST_F(ownership, disconnecting_the_transport_abandons_pending_receives)
{
    receive_operation& first = start_receive(socket.get(), 10);
    receive_operation& second = start_receive(socket.get(), 10);
    socket_transport_disconnect(link.local.get());
    for (receive_operation* const receiving : {&first, &second}) {
        ASSERT_TRUE(receiving->wait());
        EXPECT_EQ(receiving->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
        EXPECT_EQ(receiving->received(), 0u);
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001, SRS_ASYNC_SOCKET_GUARANTEE_01_009
TEST_F(ownership, a_socket_that_was_closed_is_not_opened_with_the_same_transport)
{
    async_socket_close(socket.get());
    int opened = 0;
    EXPECT_NE(async_socket_open_async(socket.get(), link.local.get(), count, &opened), 0);
    EXPECT_EQ(opened, 0);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001, SRS_ASYNC_SOCKET_WIN32_01_039
TEST_F(ownership, a_socket_that_was_closed_is_not_opened_with_another_transport)
{
    async_socket_close(socket.get());
    connection other = make_connection();
    int opened = 0;
    EXPECT_NE(async_socket_open_async(socket.get(), other.local.get(), count, &opened), 0);
    EXPECT_EQ(opened, 0);

    // The refused one is still the caller's.
    const socket_owner another = open_socket(engine.get(), other.local.get());
    expect_works(another.get(), other.peer.get());
}

// SRS_ASYNC_SOCKET_WIN32_01_015, SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_F(ownership, an_open_socket_is_not_opened_again_and_goes_on)
{
    connection other = make_connection();
    int opened = 0;
    EXPECT_NE(async_socket_open_async(socket.get(), other.local.get(), count, &opened), 0);
    EXPECT_NE(async_socket_open_async(socket.get(), link.local.get(), count, &opened), 0);
    EXPECT_EQ(opened, 0);
    expect_works(socket.get(), link.peer.get());

    const socket_owner another = open_socket(engine.get(), other.local.get());
    expect_works(another.get(), other.peer.get());
}

// SRS_ASYNC_SOCKET_WIN32_01_014, SRS_ASYNC_SOCKET_WIN32_01_017, SRS_ASYNC_SOCKET_WIN32_01_094
TEST_F(ownership_of_open, open_calls_back_once_on_the_calling_thread_before_it_returns)
{
    struct seen {
        int calls = 0;
        ASYNC_SOCKET_OPEN_RESULT result{};
        std::thread::id thread;
    } opened;
    const socket_owner socket(async_socket_create(engine.get()));
    const int result = async_socket_open_async(
        socket.get(), link.local.get(),
        [](void* context, ASYNC_SOCKET_OPEN_RESULT open_result) {
            seen& self = *static_cast<seen*>(context);
            ++self.calls;
            self.result = open_result;
            self.thread = std::this_thread::get_id();
        },
        &opened);
    EXPECT_EQ(result, 0);
    EXPECT_EQ(opened.calls, 1);
    EXPECT_EQ(opened.result, ASYNC_SOCKET_OPEN_OK);
    EXPECT_EQ(opened.thread, std::this_thread::get_id());
    expect_works(socket.get(), link.peer.get());
}

// SRS_ASYNC_SOCKET_WIN32_01_009
TEST_F(ownership_of_open, open_takes_a_context_of_null)
{
    const socket_owner socket(async_socket_create(engine.get()));
    EXPECT_EQ(async_socket_open_async(socket.get(), link.local.get(), ignore_open, nullptr), 0);
    expect_works(socket.get(), link.peer.get());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001, SRS_ASYNC_SOCKET_WIN32_01_039
TEST_F(ownership_of_open, after_a_failed_open_the_connection_is_still_the_callers)
{
    socket_owner socket(async_socket_create(engine.get()));
    EXPECT_NE(async_socket_open_async(socket.get(), link.local.get(), nullptr, nullptr), 0);
    socket.reset();

    EXPECT_TRUE(socket_transport_is_valid_socket(link.local.get()));
    ASSERT_TRUE(send_all(link.local.get(), pattern(10)));
    EXPECT_EQ(receive_exactly(link.peer.get(), 10), pattern(10));
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001, SRS_ASYNC_SOCKET_WIN32_01_039
TEST_F(ownership_of_open, after_a_failed_open_the_socket_can_be_opened)
{
    const transport_owner unconnected(socket_transport_create_client());
    const listener server;
    const socket_owner socket(async_socket_create(engine.get()));
    int opened = 0;
    EXPECT_NE(async_socket_open_async(socket.get(), unconnected.get(), count, &opened), 0);
    EXPECT_NE(async_socket_open_async(socket.get(), server.get(), count, &opened), 0);
    EXPECT_EQ(opened, 0);

    EXPECT_EQ(async_socket_open_async(socket.get(), link.local.get(), count, &opened), 0);
    EXPECT_EQ(opened, 1);
    expect_works(socket.get(), link.peer.get());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_001
TEST_F(ownership_of_open, a_transport_that_was_disconnected_is_refused)
{
    socket_transport_disconnect(link.local.get());
    const socket_owner socket(async_socket_create(engine.get()));
    int opened = 0;
    EXPECT_NE(async_socket_open_async(socket.get(), link.local.get(), count, &opened), 0);
    EXPECT_EQ(opened, 0);
}

// SRS_ASYNC_SOCKET_WIN32_42_004, SRS_ASYNC_SOCKET_WIN32_42_005
TEST_F(ownership_of_open, the_socket_keeps_its_engine)
{
    const socket_owner socket(async_socket_create(engine.get()));
    engine.reset();
    ASSERT_EQ(async_socket_open_async(socket.get(), link.local.get(), ignore_open, nullptr), 0);
    expect_works(socket.get(), link.peer.get());
}

// SRS_ASYNC_SOCKET_WIN32_01_005, SRS_ASYNC_SOCKET_WIN32_01_022
TEST_F(ownership_of_open, a_socket_that_never_was_open_can_be_closed_and_destroyed)
{
    const socket_owner socket(async_socket_create(engine.get()));
    async_socket_close(socket.get());
    // A close of what was not open changes nothing.
    EXPECT_EQ(async_socket_open_async(socket.get(), link.local.get(), ignore_open, nullptr), 0);
    expect_works(socket.get(), link.peer.get());
}

} // namespace
} // namespace contract
