// SPDX-License-Identifier: MIT
//
// Bytes leave in the order of the sends and arrive in that of the receives, whoever starts them.

#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "linux_support/fixture.h"

namespace linux_tests {
namespace {

using order = with_one_worker;

// The worker is inside a callback all the time, so that what the other thread has sent is still in the inbox when the
// worker sends what comes next.
// SRS_ASYNC_SOCKET_LINUX_01_012
TEST_F(order, of_sends_of_another_thread_and_of_the_worker_is_that_of_the_calls)
{
    constexpr std::size_t turns = 200;
    constexpr std::size_t length = 10;
    std::vector<contract::send_operation*> sends;
    for (std::size_t i = 0; i != 2 * turns; ++i) {
        sends.push_back(&new_send(contract::pattern(length, i * length), {3, 7}));
    }
    contract::counter other_has_sent;
    contract::counter worker_has_sent;
    notification& sending = start_notification(socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT, [&] {
        for (std::size_t turn = 0; turn != turns; ++turn) {
            ASSERT_TRUE(other_has_sent.wait_for(turn + 1));
            EXPECT_EQ(sends[2 * turn + 1]->start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
            worker_has_sent.add();
        }
    });
    for (std::size_t turn = 0; turn != turns; ++turn) {
        EXPECT_EQ(sends[2 * turn]->start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
        other_has_sent.add();
        ASSERT_TRUE(worker_has_sent.wait_for(turn + 1));
    }
    ASSERT_TRUE(sending.wait());
    EXPECT_EQ(contract::receive_exactly(link.peer.get(), 2 * turns * length), contract::pattern(2 * turns * length));
    for (contract::send_operation* const each : sends) {
        ASSERT_TRUE(each->wait());
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_019
TEST_F(order, of_receives_of_another_thread_and_of_the_worker_is_that_of_the_calls)
{
    constexpr std::size_t turns = 100;
    std::vector<contract::receive_operation*> receives;
    std::vector<std::size_t> completed;
    for (std::size_t i = 0; i != 2 * turns; ++i) {
        receives.push_back(&new_receive(2, {1, 1}));
        receives.back()->in_callback = [&completed, i] { completed.push_back(i); };
    }
    contract::counter other_has_started;
    contract::counter worker_has_started;
    start_notification(socket.get(), ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT, [&] {
        for (std::size_t turn = 0; turn != turns; ++turn) {
            ASSERT_TRUE(other_has_started.wait_for(turn + 1));
            EXPECT_EQ(receives[2 * turn + 1]->start(socket.get()), 0);
            worker_has_started.add();
        }
    });
    for (std::size_t turn = 0; turn != turns; ++turn) {
        EXPECT_EQ(receives[2 * turn]->start(socket.get()), 0);
        other_has_started.add();
        ASSERT_TRUE(worker_has_started.wait_for(turn + 1));
    }
    ASSERT_TRUE(contract::send_all(link.peer.get(), contract::pattern(4 * turns)));
    for (std::size_t i = 0; i != 2 * turns; ++i) {
        ASSERT_TRUE(receives[i]->wait());
        ASSERT_EQ(receives[i]->received(), 2u);
        ASSERT_EQ(contract::first_wrong_byte(receives[i]->memory(), 2, 2 * i), 2u) << i;
    }
    for (std::size_t i = 0; i != completed.size(); ++i) {
        ASSERT_EQ(completed[i], i);
    }
}

// Each is given to the kernel when the one before is through, also where that one has to wait.
// SRS_ASYNC_SOCKET_LINUX_01_012
TEST_F(order, of_sends_holds_across_one_that_blocks)
{
    constexpr std::size_t large = std::size_t{16} * 1024 * 1024;
    constexpr std::size_t small = 100;
    contract::send_operation& blocks = start_send(socket.get(), contract::pattern(large), {large / 2, large / 2});
    std::vector<contract::send_operation*> behind;
    for (std::size_t i = 0; i != 50; ++i) {
        behind.push_back(&start_send(socket.get(), contract::pattern(small, large + i * small)));
    }
    await_worker();
    for (contract::send_operation* const each : behind) {
        EXPECT_FALSE(each->is_done());
    }
    EXPECT_EQ(contract::receive_exactly(link.peer.get(), large + 50 * small), contract::pattern(large + 50 * small));
    ASSERT_TRUE(blocks.wait());
    for (contract::send_operation* const each : behind) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->result(), ASYNC_SOCKET_SEND_OK);
    }
}

// More callbacks than a socket has in one turn.
// SRS_ASYNC_SOCKET_LINUX_01_005
TEST_F(order, of_callbacks_is_that_of_the_operations_and_none_overlaps)
{
    constexpr std::size_t count = 1000;
    std::vector<contract::send_operation*> sends;
    std::vector<std::size_t> completed;
    bool inside = false;
    for (std::size_t i = 0; i != count; ++i) {
        sends.push_back(&new_send(contract::pattern(1, i)));
        sends.back()->in_callback = [&completed, &inside, i] {
            EXPECT_FALSE(inside);
            inside = true;
            completed.push_back(i);
            std::this_thread::yield();
            inside = false;
        };
    }
    {
        held_worker held(socket.get());
        ASSERT_TRUE(held.is_held());
        for (contract::send_operation* const each : sends) {
            ASSERT_EQ(each->start(socket.get()), ASYNC_SOCKET_SEND_SYNC_OK);
        }
    }
    for (contract::send_operation* const each : sends) {
        ASSERT_TRUE(each->wait());
    }
    on_worker_of(socket.get(), [&] {
        ASSERT_EQ(completed.size(), count);
        for (std::size_t i = 0; i != count; ++i) {
            ASSERT_EQ(completed[i], i);
        }
    });
    EXPECT_EQ(contract::receive_exactly(link.peer.get(), count), contract::pattern(count));
}

} // namespace
} // namespace linux_tests
