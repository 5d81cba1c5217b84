// SPDX-License-Identifier: MIT
//
// Every function from any thread at any time.

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"

namespace contract {
namespace {

constexpr std::size_t number_of_threads = 4;

using threads = with_socket;

// What a thread starts, it waits for before it ends: some systems cancel the pending operations of a thread that ends.
template <typename Function>
void in_threads(Function function)
{
    std::vector<std::jthread> all;
    for (std::size_t i = 0; i != number_of_threads; ++i) {
        all.emplace_back([=] { function(i); });
    }
    for (std::jthread& one : all) {
        one.join();
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_006, SRS_ASYNC_SOCKET_GUARANTEE_01_007
TEST_F(threads, sends_of_several_threads_arrive_whole_and_each_threads_in_its_order)
{
    // A message: the thread, then the number of the message in two bytes, repeated to the end.
    constexpr std::size_t each = 250;
    constexpr std::size_t unit = 3;
    constexpr std::size_t length = unit * 200;
    std::vector<std::vector<send_operation*>> sends(number_of_threads);
    for (std::size_t thread = 0; thread != number_of_threads; ++thread) {
        for (std::size_t i = 0; i != each; ++i) {
            bytes message(length);
            for (std::size_t at = 0; at != length; at += unit) {
                message[at] = static_cast<unsigned char>(thread);
                message[at + 1] = static_cast<unsigned char>(i / 256);
                message[at + 2] = static_cast<unsigned char>(i % 256);
            }
            sends[thread].push_back(&new_send(std::move(message)));
        }
    }
    std::jthread sending([&] {
        in_threads([&](std::size_t thread) {
            for (send_operation* const one : sends[thread]) {
                EXPECT_EQ(one->start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
            }
            for (send_operation* const one : sends[thread]) {
                EXPECT_TRUE(one->wait());
                EXPECT_EQ(one->result(), ASYNC_SOCKET_SEND_OK);
            }
        });
    });
    const bytes all = receive_exactly(link.peer.get(), number_of_threads * each * length);
    sending.join();
    ASSERT_EQ(all.size(), number_of_threads * each * length);

    std::vector<std::size_t> next(number_of_threads, 0);
    for (std::size_t at = 0; at != all.size(); at += length) {
        const std::size_t thread = all[at];
        ASSERT_LT(thread, number_of_threads);
        ASSERT_LT(next[thread], each);
        // Each message, byte by byte, is the next one of its thread.
        send_operation& expected = *sends[thread][next[thread]++];
        ASSERT_TRUE(
            std::equal(expected.memory(), expected.memory() + length, all.begin() + static_cast<std::ptrdiff_t>(at)));
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_006, SRS_ASYNC_SOCKET_GUARANTEE_01_002
TEST_F(threads, receives_of_several_threads_share_the_stream)
{
    constexpr std::size_t each = 250;
    std::vector<std::vector<receive_operation*>> receives(number_of_threads);
    for (auto& of_thread : receives) {
        for (std::size_t i = 0; i != each; ++i) {
            of_thread.push_back(&new_receive(1));
        }
    }
    // Which thread comes before which is not said; that each byte arrives once is.
    bytes stream(number_of_threads * each);
    std::vector<int> balance(256, 0);
    for (std::size_t i = 0; i != stream.size(); ++i) {
        stream[i] = static_cast<unsigned char>(i % 251);
        ++balance[stream[i]];
    }
    std::jthread sending([&] { EXPECT_TRUE(send_all(link.peer.get(), stream)); });
    in_threads([&](std::size_t thread) {
        for (receive_operation* const one : receives[thread]) {
            EXPECT_EQ(one->start(socket.get()), 0);
        }
        for (receive_operation* const one : receives[thread]) {
            EXPECT_TRUE(one->wait());
        }
    });
    sending.join();
    for (const auto& of_thread : receives) {
        for (receive_operation* const one : of_thread) {
            ASSERT_EQ(one->received(), 1u);
            EXPECT_EQ(one->calls(), 1u);
            --balance[*one->memory()];
        }
    }
    EXPECT_EQ(balance, std::vector<int>(256, 0));
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_006, SRS_ASYNC_SOCKET_WIN32_01_020
TEST_F(with_engine, threads_start_operations_while_others_close)
{
    constexpr int rounds = 50;
    constexpr std::size_t each = 20;
    for (int round = 0; round != rounds; ++round) {
        connection link = make_connection();
        socket_owner socket = open_socket(engine.get(), link.local.get());
        std::vector<std::vector<std::pair<operation*, bool>>> started(number_of_threads);
        for (auto& of_thread : started) {
            for (std::size_t i = 0; i != each; i += 2) {
                of_thread.push_back({&new_receive(8), false});
                of_thread.push_back({&new_send(pattern(8)), false});
            }
        }
        std::atomic<std::size_t> at_work{0};
        in_threads([&](std::size_t thread) {
            ++at_work;
            for (std::size_t i = 0; i != each; ++i) {
                auto& [one, accepted] = started[thread][i];
                accepted = i % 2 == 0
                               ? static_cast<receive_operation*>(one)->start(socket.get()) == 0
                               : static_cast<send_operation*>(one)->start(socket.get()) == ASYNC_SOCKET_SEND_SYNC_OK;
                if (thread == 0 && i == each / 2 && at_work == number_of_threads) {
                    async_socket_close(socket.get());
                }
            }
            async_socket_close(socket.get());
        });
        // All are through, and so is the close that closed.
        for (const auto& of_thread : started) {
            for (const auto& [one, accepted] : of_thread) {
                ASSERT_EQ(one->calls(), accepted ? 1u : 0u);
                ASSERT_EQ(one->is_done(), accepted);
            }
        }
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_006, SRS_ASYNC_SOCKET_WIN32_01_093
TEST_F(threads, destroy_waits_for_a_close_of_another_thread)
{
    event entered;
    event release;
    receive_operation& receiving = new_receive(10);
    receiving.in_callback = [&] {
        entered.set();
        EXPECT_TRUE(release.wait());
    };
    ASSERT_EQ(receiving.start(socket.get()), 0);
    ASSERT_TRUE(send_all(link.peer.get(), pattern(10)));
    ASSERT_TRUE(entered.wait());
    ASYNC_SOCKET_HANDLE const handle = socket.get();
    std::jthread closing([&] { async_socket_close(handle); });
    wait_until_it_is_being_closed(handle);

    event destroyed;
    event destroying_begins;
    bool done_when_destroyed = false;
    std::jthread destroying([&] {
        destroying_begins.set();
        socket.reset();
        done_when_destroyed = receiving.is_done();
        destroyed.set();
    });
    ASSERT_TRUE(destroying_begins.wait());
    EXPECT_FALSE(destroyed.is_set());
    release.set();
    EXPECT_TRUE(destroyed.wait());
    closing.join();
    destroying.join();
    EXPECT_TRUE(done_when_destroyed);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_006, SRS_ASYNC_SOCKET_WIN32_01_015
TEST_F(with_connection, threads_that_open_one_socket_at_the_same_time_open_it_once)
{
    constexpr int rounds = 30;
    for (int round = 0; round != rounds; ++round) {
        connection one = make_connection();
        const socket_owner socket(async_socket_create(engine.get()));
        std::atomic<int> opened{0};
        std::atomic<int> succeeded{0};
        in_threads([&](std::size_t) {
            const int result = async_socket_open_async(
                socket.get(), one.local.get(),
                [](void* context, ASYNC_SOCKET_OPEN_RESULT) { ++*static_cast<std::atomic<int>*>(context); }, &opened);
            succeeded += result == 0 ? 1 : 0;
        });
        EXPECT_EQ(opened, 1);
        EXPECT_EQ(succeeded, 1);
        expect_works(socket.get(), one.peer.get());
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_006, SRS_SOCKET_TRANSPORT_01_024
TEST_F(with_engine, threads_close_disconnect_and_destroy_the_transport_at_the_same_time)
{
    constexpr int rounds = 50;
    for (int round = 0; round != rounds; ++round) {
        connection link = make_connection();
        socket_owner socket = open_socket(engine.get(), link.local.get());
        receive_operation& receiving = start_receive(socket.get(), 10);
        in_threads([&](std::size_t thread) {
            switch (thread) {
            case 0:
                socket_transport_disconnect(link.peer.get());
                break;
            case 1:
                socket_transport_disconnect(link.peer.get());
                async_socket_close(socket.get());
                break;
            case 2:
                async_socket_close(socket.get());
                break;
            default:
                link.local.reset();
                break;
            }
        });
        socket.reset();
        ASSERT_TRUE(receiving.is_done());
        EXPECT_EQ(receiving.calls(), 1u);
        EXPECT_EQ(receiving.result(), ASYNC_SOCKET_RECEIVE_ABANDONED);
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_006
TEST_F(with_engine, threads_use_many_sockets_of_one_engine)
{
    in_threads([&](std::size_t) {
        for (int round = 0; round != 25; ++round) {
            const connection link = make_connection();
            send_operation sending(pattern(5000));
            receive_operation receiving(1);
            const socket_owner socket = open_socket(engine.get(), link.local.get());
            EXPECT_EQ(receiving.start(socket.get()), 0);
            EXPECT_EQ(sending.start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
            EXPECT_EQ(receive_exactly(link.peer.get(), 5000), pattern(5000));
            EXPECT_TRUE(send_all(link.peer.get(), pattern(1)));
            EXPECT_TRUE(sending.wait());
            EXPECT_TRUE(receiving.wait());
        }
    });
}

} // namespace
} // namespace contract
