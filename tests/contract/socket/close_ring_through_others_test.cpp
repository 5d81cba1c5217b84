// SPDX-License-Identifier: MIT
//
// Rings of closes in callbacks that go through closes on threads of the program, or through closes that nobody waits
// for.

#include <cstddef>
#include <functional>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "socket/close_ring.h"

namespace contract {
namespace {

class close_ring_through_others : public close_ring {
protected:
    // A callback that runs from now on, and ends what it is to end when it is told to.
    void start_callback(std::size_t index, std::function<void()> end)
    {
        set_callback(index, [this, end = std::move(end)] {
            entered.add();
            EXPECT_TRUE(closes.wait());
            end();
        });
        call_back(index);
    }
    // One destroys the socket of the other, which closes its own.
    void start_destroy_and_close()
    {
        make_members(2);
        start_callback(0, [this] { members[1]->socket.reset(); });
        start_callback(1, [this] { async_socket_close(members[0]->socket.get()); });
        ASSERT_TRUE(entered.wait_for(2));
    }
    // Each destroys the socket of the other.
    void start_destroys()
    {
        make_members(2);
        for (std::size_t i = 0; i != 2; ++i) {
            start_callback(i, [this, i] { members[1 - i]->socket.reset(); });
        }
        ASSERT_TRUE(entered.wait_for(2));
    }
    void let_them_end()
    {
        closes.set();
        for (const auto& each : members) {
            ASSERT_TRUE(each->receiving.wait());
        }
    }
    std::thread close_outside(std::size_t index)
    {
        ASYNC_SOCKET_HANDLE const socket = members[index]->socket.get();
        std::thread closing([socket] { async_socket_close(socket); });
        wait_until_it_is_being_closed(socket);
        return closing;
    }

    counter entered;
    event closes;
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_020: a destroy waits for a close on another thread, whose callback waits for it.
TEST_F(close_ring_through_others, of_a_close_outside)
{
    start_destroy_and_close();
    std::thread outside = close_outside(1);
    let_them_end();
    outside.join();
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_020: each callback waits for the end of a close that waits for the other callback.
TEST_F(close_ring_through_others, of_closes_outside_only)
{
    start_destroys();
    std::thread outside[] = {close_outside(0), close_outside(1)};
    let_them_end();
    for (std::thread& each : outside) {
        each.join();
    }
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_020: the same with a close that nobody waits for.
TEST_F(close_ring_through_others, of_a_close_in_the_background)
{
    start_destroy_and_close();
    close_operation& closing = make<close_operation>();
    closing.in_callback = [this] { EXPECT_TRUE(members[1]->has_returned); };
    ASSERT_EQ(closing.start(members[1]->socket.get()), 0);
    let_them_end();
    ASSERT_TRUE(closing.wait());
    EXPECT_EQ(closing.calls(), 1u);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_020, SRS_ASYNC_SOCKET_EX_01_042
TEST_F(close_ring_through_others, of_closes_in_the_background_only)
{
    start_destroys();
    close_operation* closings[2];
    for (std::size_t i = 0; i != 2; ++i) {
        closings[i] = &make<close_operation>();
        closings[i]->in_callback = [this, i] { EXPECT_TRUE(members[i]->has_returned); };
        ASSERT_EQ(closings[i]->start(members[i]->socket.get()), 0);
    }
    let_them_end();
    for (close_operation* const each : closings) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->calls(), 1u);
    }
}

} // namespace
} // namespace contract
