// SPDX-License-Identifier: MIT
//
// Close inside a callback: no deadlock, the other operations are completed first, the one callback runs on.

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"
#include "support/others_pending.h"

namespace contract {
namespace {

class close_in_callback : public with_others_pending {
protected:
    using with_others_pending::with_others_pending;

    void close_in_receive_with_others_pending()
    {
        std::vector<operation*> others;
        event started;
        receive_operation& receiving = new_receive(10);
        receiving.in_callback = [&] {
            EXPECT_TRUE(started.wait());
            async_socket_close(socket.get());
            expect_done(others);
        };
        ASSERT_EQ(receiving.start(socket.get()), 0);
        others = start_others();
        ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
        started.set();
        ASSERT_TRUE(receiving.wait());
        EXPECT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_OK);
    }

    void close_in_send_with_others_pending()
    {
        std::vector<operation*> others;
        event started;
        send_operation& sending = new_send(pattern(10));
        sending.in_callback = [&] {
            EXPECT_TRUE(started.wait());
            async_socket_close(socket.get());
            expect_done(others);
        };
        ASSERT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
        others = start_others();
        started.set();
        ASSERT_TRUE(sending.wait());
        EXPECT_EQ(sending.result(), ASYNC_SOCKET_SEND_OK);
    }
};

class close_in_callback_on_one_thread : public close_in_callback {
protected:
    close_in_callback_on_one_thread() : close_in_callback(1, 1) {}
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(close_in_callback, of_a_receive)
{
    receive_operation& receiving = new_receive(10);
    receiving.in_callback = [&] { async_socket_close(socket.get()); };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_OK);
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(close_in_callback, of_a_send)
{
    send_operation& sending = new_send(pattern(10));
    sending.in_callback = [&] { async_socket_close(socket.get()); };
    ASSERT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(sending.result(), ASYNC_SOCKET_SEND_OK);
    EXPECT_EQ(receive_to_end(link.peer.get()).data, pattern(10));
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(with_connection, close_in_callback_of_the_open)
{
    struct {
        ASYNC_SOCKET_HANDLE socket = nullptr;
        int calls = 0;
    } seen;
    const socket_owner socket(async_socket_create(engine.get()));
    seen.socket = socket.get();
    const int result = async_socket_open_async(
        socket.get(), link.local.get(),
        [](void* context, ASYNC_SOCKET_OPEN_RESULT) {
            auto& self = *static_cast<decltype(seen)*>(context);
            ++self.calls;
            async_socket_close(self.socket);
        },
        &seen);
    EXPECT_EQ(result, 0);
    EXPECT_EQ(seen.calls, 1);
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
    EXPECT_EQ(new_send(pattern(1)).start(socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(with_connection, close_in_callback_of_the_open_with_operations_that_it_started)
{
    struct {
        ASYNC_SOCKET_HANDLE socket = nullptr;
        receive_operation* receiving = nullptr;
        send_operation* sending = nullptr;
        bool done_at_return = false;
    } seen;
    const socket_owner socket(async_socket_create(engine.get()));
    seen.socket = socket.get();
    seen.receiving = &new_receive(10);
    seen.sending = &new_send(pattern(10));
    const int result = async_socket_open_async(
        socket.get(), link.local.get(),
        [](void* context, ASYNC_SOCKET_OPEN_RESULT) {
            auto& self = *static_cast<decltype(seen)*>(context);
            EXPECT_EQ(self.receiving->start(self.socket), 0);
            EXPECT_EQ(self.sending->start(self.socket), ASYNC_SOCKET_SEND_SYNC_OK);
            async_socket_close(self.socket);
            self.done_at_return = self.receiving->is_done() && self.sending->is_done();
        },
        &seen);
    EXPECT_EQ(result, 0);
    EXPECT_TRUE(seen.done_at_return);
    EXPECT_EQ(seen.receiving->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(close_in_callback, of_an_abandoned_receive_returns)
{
    receive_operation& receiving = new_receive(10);
    receiving.in_callback = [&] { async_socket_close(socket.get()); };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    socket_transport_disconnect(link.peer.get());
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_WIN32_01_022
TEST_F(close_in_callback, while_another_thread_closes_returns_at_once)
{
    receive_operation& receiving = new_receive(10);
    receiving.in_callback = [&] { async_socket_close(socket.get()); };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    async_socket_close(socket.get());
    EXPECT_TRUE(receiving.is_done());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(close_in_callback, of_every_one_of_many_operations)
{
    std::vector<receive_operation*> receives;
    for (int i = 0; i != 20; ++i) {
        receives.push_back(&new_receive(1));
        receives.back()->in_callback = [&] { async_socket_close(socket.get()); };
    }
    // All are accepted before the first callback closes: bytes come afterwards.
    for (receive_operation* const receiving : receives) {
        ASSERT_EQ(receiving->start(socket.get()), 0);
    }
    send_all(link.peer.get(), pattern(20));
    for (receive_operation* const receiving : receives) {
        ASSERT_TRUE(receiving->wait());
        EXPECT_EQ(receiving->calls(), 1u);
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_GUARANTEE_01_004
TEST_F(close_in_callback, of_a_receive_completes_the_others_first)
{
    close_in_receive_with_others_pending();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_GUARANTEE_01_004
TEST_F(close_in_callback, of_a_send_completes_the_others_first)
{
    close_in_send_with_others_pending();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(close_in_callback_on_one_thread, of_a_receive_completes_the_others_first)
{
    close_in_receive_with_others_pending();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(close_in_callback_on_one_thread, of_a_send_completes_the_others_first)
{
    close_in_send_with_others_pending();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(close_in_callback, of_another_socket)
{
    connection other_link = make_connection();
    socket_owner other = open_socket(engine.get(), other_link.local.get());
    receive_operation& pending = start_receive(other.get(), 10);
    receive_operation& receiving = new_receive(10);
    receiving.in_callback = [&] {
        async_socket_close(other.get());
        EXPECT_TRUE(pending.is_done());
    };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    ASSERT_TRUE(receiving.wait());
    EXPECT_EQ(pending.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    expect_works(socket.get(), link.peer.get());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(close_in_callback, of_another_socket_destroys_it)
{
    connection other_link = make_connection();
    socket_owner other = open_socket(engine.get(), other_link.local.get());
    receive_operation& pending = start_receive(other.get(), 10);
    receive_operation& receiving = new_receive(10);
    receiving.in_callback = [&] {
        other.reset();
        EXPECT_TRUE(pending.is_done());
    };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    ASSERT_TRUE(receiving.wait());
    expect_works(socket.get(), link.peer.get());
}

} // namespace
} // namespace contract
