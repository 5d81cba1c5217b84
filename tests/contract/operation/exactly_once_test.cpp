// SPDX-License-Identifier: MIT
//
// An accepted operation calls back once, a refused one never, and never inside the call that started it.

#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"

namespace contract {
namespace {

using exactly_once = with_socket;
using never_inline = with_socket;

// SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_WIN32_01_045, SRS_ASYNC_SOCKET_WIN32_01_066
TEST_F(exactly_once, each_of_many_sends_calls_back_once)
{
    constexpr std::size_t number = 1000;
    std::vector<send_operation*> sends;
    for (std::size_t i = 0; i != number; ++i) {
        sends.push_back(&start_send(socket.get(), pattern(10, 10 * i)));
    }
    EXPECT_EQ(receive_exactly(link.peer.get(), 10 * number), pattern(10 * number));
    for (send_operation* const sending : sends) {
        ASSERT_TRUE(sending->wait());
        EXPECT_EQ(sending->result(), ASYNC_SOCKET_SEND_OK);
    }
    async_socket_close(socket.get());
    for (const send_operation* const sending : sends) {
        EXPECT_EQ(sending->calls(), 1u);
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_WIN32_01_083, SRS_ASYNC_SOCKET_WIN32_01_069
TEST_F(exactly_once, each_of_many_receives_calls_back_once)
{
    constexpr std::size_t number = 1000;
    std::vector<receive_operation*> receives;
    for (std::size_t i = 0; i != number; ++i) {
        receives.push_back(&start_receive(socket.get(), 1));
    }
    ASSERT_TRUE(send_all(link.peer.get(), pattern(number)));
    for (receive_operation* const receiving : receives) {
        ASSERT_TRUE(receiving->wait());
        EXPECT_EQ(receiving->result(), ASYNC_SOCKET_RECEIVE_OK);
        EXPECT_EQ(receiving->received(), 1u);
    }
    async_socket_close(socket.get());
    for (const receive_operation* const receiving : receives) {
        EXPECT_EQ(receiving->calls(), 1u);
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_WIN32_01_097, SRS_ASYNC_SOCKET_WIN32_01_098
TEST_F(exactly_once, what_is_refused_before_the_open_never_calls_back)
{
    const socket_owner not_open(async_socket_create(engine.get()));
    send_operation& sending = new_send(pattern(10));
    receive_operation& receiving = new_receive(10);
    EXPECT_EQ(sending.start(not_open.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_NE(receiving.start(not_open.get()), 0);

    expect_works(socket.get(), link.peer.get());
    EXPECT_EQ(sending.calls(), 0u);
    EXPECT_EQ(receiving.calls(), 0u);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_WIN32_01_097, SRS_ASYNC_SOCKET_WIN32_01_098
TEST_F(exactly_once, what_is_refused_after_the_close_never_calls_back)
{
    async_socket_close(socket.get());
    send_operation& sending = new_send(pattern(10));
    receive_operation& receiving = new_receive(10);
    EXPECT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_NOT_OPEN);
    EXPECT_NE(receiving.start(socket.get()), 0);
    socket.reset();
    EXPECT_EQ(sending.calls(), 0u);
    EXPECT_EQ(receiving.calls(), 0u);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_002
TEST_F(exactly_once, what_is_started_on_a_disconnected_transport_calls_back_once_or_is_refused)
{
    socket_transport_disconnect(link.local.get());
    send_operation& sending = new_send(pattern(10));
    receive_operation& receiving = new_receive(10);
    const bool send_accepted = sending.start(socket.get()) == ASYNC_SOCKET_SEND_SYNC_OK;
    const bool receive_accepted = receiving.start(socket.get()) == 0;
    async_socket_close(socket.get());

    EXPECT_EQ(sending.calls(), send_accepted ? 1u : 0u);
    EXPECT_EQ(receiving.calls(), receive_accepted ? 1u : 0u);
    EXPECT_NE(sending.result(), ASYNC_SOCKET_SEND_OK);
    EXPECT_NE(receiving.result(), ASYNC_SOCKET_RECEIVE_OK);
}

// SRS_ASYNC_SOCKET_WIN32_01_027, SRS_ASYNC_SOCKET_WIN32_01_076
TEST_F(exactly_once, a_context_of_null_is_handed_on)
{
    // Counts what the callbacks without a context see.
    static counter seen;
    unsigned char out = 'x';
    unsigned char in = 0;
    const ASYNC_SOCKET_BUFFER sent{&out, 1};
    ASYNC_SOCKET_BUFFER received{&in, 1};
    ASSERT_EQ(
        async_socket_receive_async(
            socket.get(), &received, 1,
            [](void* context, ASYNC_SOCKET_RECEIVE_RESULT, std::uint32_t) { seen.add(context == nullptr ? 1 : 0); },
            nullptr),
        0);
    ASSERT_EQ(async_socket_send_async(
                  socket.get(), &sent, 1,
                  [](void* context, ASYNC_SOCKET_SEND_RESULT) { seen.add(context == nullptr ? 1 : 0); }, nullptr),
              ASYNC_SOCKET_SEND_SYNC_OK);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(1)));
    EXPECT_TRUE(seen.wait_for(2));
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_003
TEST_F(never_inline, a_send_that_the_system_takes_at_once)
{
    for (int i = 0; i != 500; ++i) {
        send_operation& sending = start_send(socket.get(), pattern(1));
        ASSERT_TRUE(sending.wait());
        EXPECT_FALSE(sending.was_called_inline());
        EXPECT_NE(sending.thread(), std::this_thread::get_id());
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_003
TEST_F(never_inline, a_receive_for_which_bytes_are_there)
{
    constexpr std::size_t number = 500;
    ASSERT_TRUE(send_all(link.peer.get(), pattern(number)));
    for (std::size_t i = 0; i != number; ++i) {
        receive_operation& receiving = start_receive(socket.get(), 1);
        ASSERT_TRUE(receiving.wait());
        EXPECT_FALSE(receiving.was_called_inline());
        EXPECT_NE(receiving.thread(), std::this_thread::get_id());
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_003
TEST_F(never_inline, a_receive_at_the_end_of_the_stream)
{
    socket_transport_disconnect(link.peer.get());
    for (int i = 0; i != 20; ++i) {
        receive_operation& receiving = start_receive(socket.get(), 1);
        ASSERT_TRUE(receiving.wait());
        EXPECT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
        EXPECT_FALSE(receiving.was_called_inline());
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_003
TEST_F(never_inline, operations_that_a_callback_starts)
{
    constexpr std::size_t length = 200;
    ASSERT_TRUE(send_all(link.peer.get(), pattern(length)));
    std::vector<operation*> all;
    // Each callback starts a send and the receive of the next byte.
    for (std::size_t i = 0; i != length; ++i) {
        all.push_back(&new_receive(1));
        all.push_back(&new_send(pattern(1, i)));
    }
    for (std::size_t i = 0; i != length; ++i) {
        all[2 * i]->in_callback = [&, i] {
            EXPECT_EQ(static_cast<send_operation*>(all[2 * i + 1])->start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
            if (i + 1 != length) {
                EXPECT_EQ(static_cast<receive_operation*>(all[2 * i + 2])->start(socket.get()), 0);
            }
        };
    }
    ASSERT_EQ(static_cast<receive_operation*>(all[0])->start(socket.get()), 0);
    for (operation* const one : all) {
        ASSERT_TRUE(one->wait());
        EXPECT_FALSE(one->was_called_inline());
        EXPECT_EQ(one->calls(), 1u);
    }
    EXPECT_EQ(receive_exactly(link.peer.get(), length), pattern(length));
}

class on_engine_threads : public with_connection {
protected:
    on_engine_threads() : with_connection(2, 2) {}
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_003, SRS_EXECUTION_ENGINE_01_004
TEST_F(on_engine_threads, callbacks_of_all_sockets_run_on_the_threads_of_the_engine)
{
    constexpr std::size_t number_of_sockets = 6;
    constexpr std::size_t rounds = 20;
    std::vector<connection> links;
    std::vector<socket_owner> sockets;
    for (std::size_t i = 0; i != number_of_sockets; ++i) {
        links.push_back(make_connection());
        sockets.push_back(open_socket(engine.get(), links.back().local.get()));
    }
    std::mutex mutex;
    std::set<std::thread::id> threads;
    for (std::size_t round = 0; round != rounds; ++round) {
        std::vector<receive_operation*> receives;
        for (const socket_owner& socket : sockets) {
            receives.push_back(&new_receive(1));
            receives.back()->in_callback = [&] {
                const std::lock_guard<std::mutex> lock(mutex);
                threads.insert(std::this_thread::get_id());
            };
            ASSERT_EQ(receives.back()->start(socket.get()), 0);
        }
        for (const connection& one : links) {
            ASSERT_TRUE(send_all(one.peer.get(), pattern(1)));
        }
        for (receive_operation* const receiving : receives) {
            ASSERT_TRUE(receiving->wait());
        }
    }
    sockets.clear();
    EXPECT_EQ(threads.count(std::this_thread::get_id()), 0u);
    EXPECT_LE(threads.size(), 2u);
}

// SRS_EXECUTION_ENGINE_01_003, SRS_EXECUTION_ENGINE_01_004
TEST_F(on_engine_threads, callbacks_of_different_sockets_run_at_the_same_time_up_to_the_maximum)
{
    constexpr std::size_t number_of_sockets = 16;
    std::vector<connection> links;
    std::vector<socket_owner> sockets;
    std::vector<receive_operation*> receives;
    counter started;
    event release;
    std::atomic<int> running{0};
    std::atomic<int> too_many{0};
    for (std::size_t i = 0; i != number_of_sockets; ++i) {
        links.push_back(make_connection());
        sockets.push_back(open_socket(engine.get(), links.back().local.get()));
        receives.push_back(&new_receive(1));
        receives.back()->in_callback = [&] {
            too_many += ++running > 2 ? 1 : 0;
            started.add();
            EXPECT_TRUE(release.wait());
            --running;
        };
        ASSERT_EQ(receives.back()->start(sockets.back().get()), 0);
    }
    for (const connection& one : links) {
        ASSERT_TRUE(send_all(one.peer.get(), pattern(1)));
    }
    // Both threads are held up in a callback.
    EXPECT_TRUE(started.wait_for(2));
    release.set();
    for (receive_operation* const receiving : receives) {
        ASSERT_TRUE(receiving->wait());
    }
    EXPECT_EQ(too_many, 0);
    sockets.clear();
}

} // namespace
} // namespace contract
