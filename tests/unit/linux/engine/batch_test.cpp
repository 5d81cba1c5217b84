// SPDX-License-Identifier: MIT
//
// What the kernel tells of several sockets at once, of which one ends another.

#include <array>
#include <cstddef>

#include <gtest/gtest.h>

#include "linux_support/engines.h"
#include "linux_support/notification.h"
#include "support/fixture.h"

namespace linux_tests {
namespace {

class batch : public contract::with_socket {
protected:
    batch() : with_socket(1, 1) {}
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_003, SRS_ASYNC_SOCKET_LINUX_01_026
TEST_F(batch, what_is_left_of_a_socket_that_a_callback_destroys_is_forgotten)
{
    constexpr std::size_t count = 10;
    std::array<contract::connection, count> links;
    std::array<contract::socket_owner, count> sockets;
    std::array<contract::receive_operation*, count> received{};
    for (std::size_t i = 0; i != count; ++i) {
        links[i] = contract::make_connection();
        sockets[i] = contract::open_socket(engine.get(), links[i].local.get());
        received[i] = &new_receive(10);
    }
    // The first, the last, and one in the middle end those that come before them and after them.
    for (const std::size_t i : {std::size_t{0}, count / 2, count - 1}) {
        received[i]->in_callback = [&sockets, i] {
            for (std::size_t other = 0; other != count; ++other) {
                if (other != i) {
                    sockets[other].reset();
                }
            }
        };
    }
    for (std::size_t i = 0; i != count; ++i) {
        ASSERT_EQ(received[i]->start(sockets[i].get()), 0);
    }
    {
        held_worker held(socket.get());
        ASSERT_TRUE(held.is_held());
        for (const contract::connection& other : links) {
            ASSERT_TRUE(contract::send_all(other.peer.get(), contract::pattern(10)));
        }
    }
    for (contract::receive_operation* const each : received) {
        ASSERT_TRUE(each->wait());
    }
    sockets = {};
    for (const contract::receive_operation* const each : received) {
        EXPECT_EQ(each->calls(), 1u);
    }
    expect_works(socket.get(), link.peer.get());
}

} // namespace
} // namespace linux_tests
