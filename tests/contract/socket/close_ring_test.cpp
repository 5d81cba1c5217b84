// SPDX-License-Identifier: MIT
//
// Closes in callbacks that close one another's sockets in a ring, where none could ever return.

#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "socket/close_ring.h"

namespace contract {
namespace {

// SRS_ASYNC_SOCKET_GUARANTEE_01_020
TEST_F(close_ring, of_two)
{
    make_members(2);
    run_ring([this](std::size_t next) { async_socket_close(members[next]->socket.get()); });
    EXPECT_TRUE(log.has_with(ASYNC_SOCKET_LOG_LEVEL_WARNING, {"async_socket_close", "ring"})) << log.text();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_020
TEST_F(close_ring, of_three)
{
    make_members(3);
    run_ring([this](std::size_t next) { async_socket_close(members[next]->socket.get()); });
    EXPECT_TRUE(log.has_with(ASYNC_SOCKET_LOG_LEVEL_WARNING, {"async_socket_close", "ring"})) << log.text();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_020
TEST_F(close_ring, of_destroys)
{
    make_members(3);
    run_ring([this](std::size_t next) { members[next]->socket.reset(); });
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_020: but for the callback of the ring, everything has ended.
TEST_F(close_ring, leaves_out_nothing_else)
{
    make_members(2);
    std::vector<receive_operation*> others[2];
    for (std::size_t i = 0; i != 2; ++i) {
        // Behind the one that ends: they are pending when it does.
        members[i]->receiving.in_callback = nullptr;
    }
    event started;
    counter entered;
    for (std::size_t i = 0; i != 2; ++i) {
        const std::size_t next = 1 - i;
        set_callback(i, [&, next] {
            EXPECT_TRUE(started.wait());
            entered.add();
            EXPECT_TRUE(entered.wait_for(2));
            async_socket_close(members[next]->socket.get());
            for (const receive_operation* const other : others[next]) {
                EXPECT_TRUE(other->is_done());
            }
        });
        for (int k = 0; k != 10; ++k) {
            others[i].push_back(&start_receive(members[i]->socket.get(), 1));
        }
    }
    for (std::size_t i = 0; i != 2; ++i) {
        call_back(i);
    }
    started.set();
    for (const auto& each : members) {
        ASSERT_TRUE(each->receiving.wait());
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_020: nobody waits for the one that returns at last, so it is left out by nobody.
TEST_F(close_ring, is_none_where_the_last_one_closes_nothing)
{
    make_members(3);
    counter entered;
    for (std::size_t i = 0; i != 3; ++i) {
        set_callback(i, [&, i] {
            entered.add();
            EXPECT_TRUE(entered.wait_for(3));
            if (i != 2) {
                async_socket_close(members[i + 1]->socket.get());
                EXPECT_TRUE(members[i + 1]->has_returned);
            }
        });
    }
    for (std::size_t i = 0; i != 3; ++i) {
        call_back(i);
    }
    for (const auto& each : members) {
        ASSERT_TRUE(each->receiving.wait());
    }
    EXPECT_FALSE(log.has_with(ASYNC_SOCKET_LOG_LEVEL_WARNING, {"ring"})) << log.text();
}

class close_ring_on_one_thread : public close_ring {
protected:
    close_ring_on_one_thread() : close_ring(1) {}
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_GUARANTEE_01_020
TEST_F(close_ring_on_one_thread, of_two)
{
    make_members(2);
    std::atomic<std::thread::id> ran_on{};
    set_callback(0, [this, &ran_on] {
        async_socket_close(members[1]->socket.get());
        // Left out where it was on a thread of its own: a pool adds one while a callback waits.
        EXPECT_TRUE(members[1]->has_returned || ran_on != std::this_thread::get_id());
    });
    set_callback(1, [this, &ran_on] {
        ran_on = std::this_thread::get_id();
        async_socket_close(members[0]->socket.get());
    });
    call_back(0);
    for (const auto& each : members) {
        ASSERT_TRUE(each->receiving.wait());
    }
    EXPECT_TRUE(log.has_with(ASYNC_SOCKET_LOG_LEVEL_WARNING, {"async_socket_close", "ring"})) << log.text();
}

} // namespace
} // namespace contract
