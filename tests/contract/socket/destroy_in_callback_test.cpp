// SPDX-License-Identifier: MIT
//
// Destroy, and the last drop of the engine, inside a callback.

#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"

namespace contract {
namespace {

using destroy_in_callback = with_socket;
using destroy_in_open_callback = with_connection;

class destroy_in_callback_on_one_thread : public with_socket {
protected:
    destroy_in_callback_on_one_thread() : with_socket(1, 1) {}
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy_in_callback, of_a_receive)
{
    receive_operation& receiving = new_receive(10);
    receiving.in_callback = [&] { socket.reset(); };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    ASSERT_TRUE(receiving.wait());
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy_in_callback, of_a_send)
{
    send_operation& sending = new_send(pattern(10));
    sending.in_callback = [&] { socket.reset(); };
    ASSERT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(receive_to_end(link.peer.get()).data, pattern(10));
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy_in_open_callback, of_the_open)
{
    struct {
        ASYNC_SOCKET_HANDLE socket = nullptr;
        int calls = 0;
    } seen;
    seen.socket = async_socket_create(engine.get());
    const int result = async_socket_open_async(
        seen.socket, link.local.get(),
        [](void* context, ASYNC_SOCKET_OPEN_RESULT) {
            auto& self = *static_cast<decltype(seen)*>(context);
            ++self.calls;
            async_socket_destroy(self.socket);
        },
        &seen);
    EXPECT_EQ(result, 0);
    EXPECT_EQ(seen.calls, 1);
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy_in_open_callback, of_the_open_with_operations_that_it_started)
{
    struct {
        ASYNC_SOCKET_HANDLE socket = nullptr;
        receive_operation* receiving = nullptr;
        bool done_at_return = false;
    } seen;
    seen.socket = async_socket_create(engine.get());
    seen.receiving = &new_receive(10);
    const int result = async_socket_open_async(
        seen.socket, link.local.get(),
        [](void* context, ASYNC_SOCKET_OPEN_RESULT) {
            auto& self = *static_cast<decltype(seen)*>(context);
            EXPECT_EQ(self.receiving->start(self.socket), 0);
            async_socket_destroy(self.socket);
            self.done_at_return = self.receiving->is_done();
        },
        &seen);
    EXPECT_EQ(result, 0);
    EXPECT_TRUE(seen.done_at_return);
    EXPECT_EQ(seen.receiving->result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
}

// Others are pending, in both directions, when the callback of `trigger` destroys the socket.
void destroy_with_others_pending(socket_owner& socket, operation& trigger, std::vector<operation*>& others,
                                 event& started)
{
    trigger.in_callback = [&] {
        EXPECT_TRUE(started.wait());
        socket.reset();
        for (const operation* const other : others) {
            EXPECT_TRUE(other->is_done());
            EXPECT_EQ(other->calls(), 1u);
        }
    };
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_GUARANTEE_01_004
TEST_F(destroy_in_callback, of_a_receive_completes_the_others_first)
{
    std::vector<operation*> others;
    event started;
    receive_operation& receiving = new_receive(10);
    destroy_with_others_pending(socket, receiving, others, started);
    ASSERT_EQ(receiving.start(socket.get()), 0);
    for (int i = 0; i != 20; ++i) {
        others.push_back(&start_receive(socket.get(), 100));
        others.push_back(&start_send(socket.get(), pattern(mebibyte)));
    }
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    started.set();
    ASSERT_TRUE(receiving.wait());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy_in_callback_on_one_thread, of_a_send_completes_the_others_first)
{
    std::vector<operation*> others;
    event started;
    send_operation& sending = new_send(pattern(10));
    destroy_with_others_pending(socket, sending, others, started);
    ASSERT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
    for (int i = 0; i != 20; ++i) {
        others.push_back(&start_receive(socket.get(), 100));
        others.push_back(&start_send(socket.get(), pattern(mebibyte)));
    }
    started.set();
    ASSERT_TRUE(sending.wait());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_WIN32_01_093
TEST_F(destroy_in_callback, while_another_thread_is_in_close)
{
    receive_operation& receiving = new_receive(10);
    // It is abandoned by the close: that is where the other thread is.
    receiving.in_callback = [&] { socket.reset(); };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASYNC_SOCKET_HANDLE const handle = socket.get();
    std::jthread closing([&] { async_socket_close(handle); });
    ASSERT_TRUE(receiving.wait());
    closing.join();
    EXPECT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_GUARANTEE_01_004
TEST_F(destroy_in_callback, while_another_thread_is_in_close_with_others_pending)
{
    constexpr int rounds = 20;
    for (int round = 0; round != rounds; ++round) {
        connection one = make_connection();
        socket_owner closed = open_socket(engine.get(), one.local.get());
        std::vector<operation*> others;
        receive_operation& receiving = new_receive(10);
        receiving.in_callback = [&] { closed.reset(); };
        ASSERT_EQ(receiving.start(closed.get()), 0);
        for (int i = 0; i != 10; ++i) {
            others.push_back(&start_receive(closed.get(), 100));
        }
        ASYNC_SOCKET_HANDLE const handle = closed.get();
        async_socket_close(handle);
        EXPECT_TRUE(receiving.is_done());
        for (const operation* const other : others) {
            EXPECT_TRUE(other->is_done());
            EXPECT_EQ(other->calls(), 1u);
        }
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(destroy_in_callback, while_another_callback_is_in_close)
{
    constexpr int rounds = 20;
    for (int round = 0; round != rounds; ++round) {
        connection one = make_connection();
        socket_owner both = open_socket(engine.get(), one.local.get());
        ASYNC_SOCKET_HANDLE const handle = both.get();
        receive_operation& closing = new_receive(1);
        receive_operation& destroying = new_receive(1);
        closing.in_callback = [&] { async_socket_close(handle); };
        // Abandoned by the close in the other callback, which is waiting for this one.
        destroying.in_callback = [&] {
            EXPECT_EQ(destroying.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
            both.reset();
        };
        ASSERT_EQ(closing.start(handle), 0);
        ASSERT_EQ(destroying.start(handle), 0);
        ASSERT_TRUE(send_all(one.peer.get(), pattern(1)));
        ASSERT_TRUE(closing.wait());
        ASSERT_TRUE(destroying.wait());
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_EXECUTION_ENGINE_01_010
TEST_F(destroy_in_callback, with_the_last_reference_of_the_engine)
{
    receive_operation& receiving = new_receive(10);
    receiving.in_callback = [&] { socket.reset(); };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    engine.reset();
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    ASSERT_TRUE(receiving.wait());
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_EXECUTION_ENGINE_01_010
TEST_F(destroy_in_callback, then_the_last_drop_of_the_engine)
{
    send_operation& sending = new_send(pattern(10));
    sending.in_callback = [&] {
        socket.reset();
        engine.reset();
    };
    ASSERT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(receive_to_end(link.peer.get()).data, pattern(10));
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_EXECUTION_ENGINE_01_010
TEST_F(destroy_in_callback_on_one_thread, then_the_last_drop_of_the_engine)
{
    receive_operation& pending = start_receive(socket.get(), 10);
    send_operation& sending = new_send(pattern(10));
    sending.in_callback = [&] {
        socket.reset();
        EXPECT_TRUE(pending.is_done());
        engine.reset();
    };
    ASSERT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_TRUE(sending.wait());
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_EXECUTION_ENGINE_01_010
TEST_F(destroy_in_open_callback, then_the_last_drop_of_the_engine)
{
    struct {
        ASYNC_SOCKET_HANDLE socket = nullptr;
        engine_owner engine;
    } seen;
    seen.socket = async_socket_create(engine.get());
    seen.engine = std::move(engine);
    EXPECT_EQ(async_socket_open_async(
                  seen.socket, link.local.get(),
                  [](void* context, ASYNC_SOCKET_OPEN_RESULT) {
                      auto& self = *static_cast<decltype(seen)*>(context);
                      async_socket_destroy(self.socket);
                      self.engine.reset();
                  },
                  &seen),
              0);
    EXPECT_TRUE(receive_to_end(link.peer.get()).ended_in_order);
}

} // namespace
} // namespace contract
