// SPDX-License-Identifier: MIT

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "common/transport/use_gate.hpp"
#include "support/background.h"
#include "support/seeds.h"

namespace async_socket::detail {

namespace {

using disconnect_result = use_gate::disconnect_result;

enum class place { idle, setup, open, closed };

constexpr std::array every_place{place::idle, place::setup, place::open, place::closed};

void bring_to(use_gate& gate, place target)
{
    if (target == place::setup || target == place::open) {
        ASSERT_TRUE(gate.begin_setup());
    }
    if (target == place::open) {
        ASSERT_TRUE(gate.complete_setup());
    }
    if (target == place::closed) {
        ASSERT_EQ(gate.disconnect(), disconnect_result::none);
    }
}

TEST(use_gate, a_new_one_is_neither_open_nor_closed)
{
    use_gate gate;
    EXPECT_FALSE(gate.is_open());
    EXPECT_FALSE(gate.is_closed());
    EXPECT_FALSE(gate.enter());
}

TEST(use_gate, one_for_a_connected_socket_is_open_from_the_start)
{
    use_gate gate(true);
    EXPECT_TRUE(gate.is_open());
    EXPECT_FALSE(gate.begin_setup());
    ASSERT_TRUE(gate.enter());
    EXPECT_FALSE(gate.leave());
    use_gate idle(false);
    EXPECT_FALSE(idle.is_open());
    EXPECT_TRUE(idle.begin_setup());
}

TEST(use_gate, is_set_up_once_at_a_time_and_only_from_idle)
{
    for (const place from : every_place) {
        use_gate gate;
        bring_to(gate, from);
        EXPECT_EQ(gate.begin_setup(), from == place::idle) << static_cast<int>(from);
    }
}

// SRS_SOCKET_TRANSPORT_01_026
TEST(use_gate, lets_users_in_while_open_only)
{
    for (const place from : every_place) {
        use_gate gate;
        bring_to(gate, from);
        EXPECT_EQ(gate.enter(), from == place::open) << static_cast<int>(from);
        EXPECT_EQ(gate.is_open(), from == place::open) << static_cast<int>(from);
        EXPECT_EQ(gate.is_closed(), from == place::closed) << static_cast<int>(from);
    }
}

TEST(use_gate, a_setup_that_failed_may_be_tried_again)
{
    use_gate gate;
    bring_to(gate, place::setup);
    gate.abandon_setup();
    EXPECT_FALSE(gate.is_open());
    EXPECT_FALSE(gate.is_closed());
    EXPECT_TRUE(gate.begin_setup());
    EXPECT_TRUE(gate.complete_setup());
    EXPECT_TRUE(gate.is_open());
}

// SRS_SOCKET_TRANSPORT_01_023
TEST(use_gate, a_disconnect_closes_for_good_from_everywhere)
{
    for (const place from : every_place) {
        use_gate gate;
        bring_to(gate, from);
        const bool was_open = from == place::open;
        EXPECT_EQ(gate.disconnect(), was_open ? disconnect_result::entered : disconnect_result::none);
        EXPECT_TRUE(gate.is_closed());
        EXPECT_FALSE(gate.is_open());
        EXPECT_FALSE(gate.begin_setup());
        EXPECT_FALSE(gate.enter());
        EXPECT_EQ(gate.disconnect(), disconnect_result::none);
        if (was_open) {
            EXPECT_TRUE(gate.leave());
        }
    }
}

// SRS_SOCKET_TRANSPORT_01_025: the one who sets up is left with the socket.
TEST(use_gate, a_setup_that_meets_a_disconnect_does_not_open)
{
    use_gate completed;
    bring_to(completed, place::setup);
    EXPECT_EQ(completed.disconnect(), disconnect_result::none);
    EXPECT_FALSE(completed.complete_setup());
    EXPECT_TRUE(completed.is_closed());

    use_gate abandoned;
    bring_to(abandoned, place::setup);
    EXPECT_EQ(abandoned.disconnect(), disconnect_result::none);
    abandoned.abandon_setup();
    EXPECT_TRUE(abandoned.is_closed());
    EXPECT_FALSE(abandoned.begin_setup());
}

// SRS_SOCKET_TRANSPORT_01_024
TEST(use_gate, the_last_who_leaves_after_a_disconnect_closes)
{
    for (int users = 0; users < 4; ++users) {
        use_gate gate(true);
        for (int i = 0; i < users; ++i) {
            ASSERT_TRUE(gate.enter());
        }
        ASSERT_EQ(gate.disconnect(), disconnect_result::entered);
        // The one that disconnects is a user, too.
        for (int i = 0; i < users; ++i) {
            EXPECT_FALSE(gate.leave());
        }
        EXPECT_TRUE(gate.leave());
    }
}

// SRS_SOCKET_TRANSPORT_01_026
TEST(use_gate, lets_in_beside_those_who_are_inside_whether_or_not_it_is_open)
{
    for (const place from : every_place) {
        use_gate gate;
        bring_to(gate, from);
        EXPECT_EQ(gate.join(), from == place::open) << static_cast<int>(from);
    }
    use_gate gate(true);
    ASSERT_EQ(gate.disconnect(), disconnect_result::entered);
    ASSERT_TRUE(gate.join());
    EXPECT_FALSE(gate.leave());
    // The socket is there until the last one has left, whoever that is.
    EXPECT_TRUE(gate.leave());
    EXPECT_FALSE(gate.join());
}

TEST(use_gate, nobody_closes_an_open_socket)
{
    use_gate gate(true);
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(gate.enter());
        EXPECT_FALSE(gate.leave());
    }
    EXPECT_TRUE(gate.is_open());
}

// SRS_SOCKET_TRANSPORT_01_024, SRS_SOCKET_TRANSPORT_01_026
TEST(use_gate, is_closed_once_and_never_under_a_user_whoever_disconnects_when)
{
    for (const std::uint64_t seed : seeds(500)) {
        SCOPED_TRACE(seed_to_repeat(seed));
        use_gate gate;
        int socket = 0; // plain, so that ThreadSanitizer sees a use that the gate does not order; 1: there, 2: closed
        std::atomic<int> closes{0};
        const auto leave = [&] {
            if (gate.leave()) {
                EXPECT_EQ(socket, 1);
                socket = 2;
                closes.fetch_add(1, std::memory_order_relaxed);
            }
        };
        std::minstd_rand seeds_of_threads(static_cast<std::minstd_rand::result_type>(seed));
        std::vector<std::unique_ptr<background>> threads;
        const auto start = [&](const char* name, auto work) {
            threads.push_back(
                std::make_unique<background>(name, [work, random = std::minstd_rand(seeds_of_threads())]() mutable {
                    for (auto pauses = random() % 20; pauses > 0; --pauses) {
                        std::this_thread::yield();
                    }
                    work();
                }));
        };
        start("maker", [&] {
            if (gate.begin_setup()) {
                socket = 1;
                if (!gate.complete_setup()) {
                    socket = 2;
                    closes.fetch_add(1, std::memory_order_relaxed);
                }
            }
        });
        for (int i = 0; i < 2; ++i) {
            start("user", [&] {
                for (int use = 0; use < 20; ++use) {
                    if (use % 2 == 0 ? gate.enter() : gate.join()) {
                        EXPECT_EQ(socket, 1);
                        leave();
                    }
                }
            });
            start("disconnecter", [&] {
                if (gate.disconnect() == disconnect_result::entered) {
                    EXPECT_EQ(socket, 1);
                    leave();
                }
            });
        }
        threads.clear();
        EXPECT_TRUE(gate.is_closed());
        EXPECT_EQ(closes, socket == 0 ? 0 : 1);
        EXPECT_NE(socket, 1);
        if (HasFailure()) {
            return;
        }
    }
}

} // namespace

} // namespace async_socket::detail
