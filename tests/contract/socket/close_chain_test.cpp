// SPDX-License-Identifier: MIT
//
// Closes in callbacks that close other sockets in a chain: one that is a ring on the stacks of the threads only, and
// one that is none.

#include <cstddef>

#include <gtest/gtest.h>

#include "socket/close_ring.h"

namespace contract {
namespace {

class close_chain : public close_ring {
protected:
    close_chain() : close_ring(2) {}
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_020: 2 is closed outside, and its callback closes 1, whose callback closes 0, whose
// callback closes 3. With two threads, where a callback of 2 is called on top of the one of 0, that is a ring of
// stacks.
TEST_F(close_chain, that_is_a_ring_on_the_stacks_only)
{
    make_members(4);
    event in_0;
    event in_1;
    event in_2;
    set_callback(0, [&] {
        in_0.set();
        async_socket_close(members[3]->socket.get());
    });
    set_callback(1, [&] {
        in_1.set();
        EXPECT_TRUE(in_2.wait());
        async_socket_close(members[0]->socket.get());
    });
    set_callback(2, [&] {
        in_2.set();
        async_socket_close(members[1]->socket.get());
    });
    start_receive(members[3]->socket.get(), 1);
    call_back(1);
    ASSERT_TRUE(in_1.wait());
    call_back(0);
    ASSERT_TRUE(in_0.wait());
    wait_until_it_is_being_closed(members[3]->socket.get());
    async_socket_close(members[2]->socket.get());
    for (std::size_t i = 0; i != 3; ++i) {
        ASSERT_TRUE(members[i]->receiving.wait());
    }
}

class close_chain_on_one_thread : public close_ring {
protected:
    close_chain_on_one_thread() : close_ring(1) {}
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_021
TEST_F(close_chain_on_one_thread, that_is_long_is_no_ring)
{
    constexpr std::size_t length = 400;
    make_members(length);
    for (std::size_t i = 0; i != length; ++i) {
        set_callback(i, [this, i] {
            if (i + 1 != length) {
                async_socket_close(members[i + 1]->socket.get());
                EXPECT_TRUE(members[i + 1]->has_returned);
            }
        });
    }
    async_socket_close(members[0]->socket.get());
    for (const auto& each : members) {
        EXPECT_TRUE(each->has_returned);
    }
    EXPECT_FALSE(log.has_with(ASYNC_SOCKET_LOG_LEVEL_WARNING, {"ring"})) << log.text();
}

} // namespace
} // namespace contract
