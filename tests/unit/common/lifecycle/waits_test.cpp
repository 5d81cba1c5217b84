// SPDX-License-Identifier: MIT
//
// What each wait waits for, step by step through a probe; and, with real threads, that it is woken.

#include <atomic>
#include <cstdint>
#include <thread>

#include <gtest/gtest.h>

#include "common/lifecycle/lifecycle.hpp"
#include "support/background.h"
#include "support/closing.h"
#include "support/event.h"
#include "support/probe.h"
#include "support/states.h"

namespace async_socket::detail {

namespace {

using state = lifecycle::state;

// SRS_ASYNC_SOCKET_WIN32_01_020
TEST(lifecycle_waits, close_waits_until_every_call_has_left)
{
    lifecycle life;
    bring_to_open_with(life, 1);
    require(life.begin_call());
    require(life.begin_call());
    require(life.begin_call());
    require(begin_close(life, false));
    probe probe;
    probe.when_waiting([&](const probe::condition& done) {
        EXPECT_FALSE(done.holds());
        life.end_call();
        EXPECT_FALSE(done.holds());
        require(!life.end_operation());
        EXPECT_FALSE(done.holds());
        life.withdraw_call();
        EXPECT_FALSE(done.holds());
        life.end_call();
        EXPECT_TRUE(done.holds());
    });
    life.wait_for_calls();
    EXPECT_EQ(probe.waits(), 1);
    EXPECT_EQ(probe.awaited(), &life);
    life.wait_for_calls();
    EXPECT_EQ(probe.waits(), 1);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST(lifecycle_waits, close_waits_until_only_its_own_callbacks_are_left)
{
    for (const std::uint32_t own : {0U, 1U, 2U}) {
        lifecycle life;
        bring_to_open_with(life, own + 2);
        require(begin_close(life, own != 0));
        probe probe;
        probe.when_waiting([&](const probe::condition& done) {
            EXPECT_FALSE(done.holds());
            require(!life.end_operation());
            EXPECT_FALSE(done.holds());
            require(!life.end_operation());
            EXPECT_TRUE(done.holds());
        });
        wait_for_operations(life, own);
        EXPECT_EQ(probe.waits(), 1) << own;
        EXPECT_EQ(life.operations(), own);
        wait_for_operations(life, own);
        EXPECT_EQ(probe.waits(), 1) << own;
    }
}

// SRS_ASYNC_SOCKET_WIN32_01_093
TEST(lifecycle_waits, destroy_waits_while_opening_until_open)
{
    lifecycle life;
    bring_to(life, state::opening);
    probe probe;
    probe.when_waiting([&](const probe::condition& done) {
        EXPECT_FALSE(done.holds());
        life.complete_open(0);
        EXPECT_TRUE(done.holds());
    });
    EXPECT_TRUE(wait_until_settled(life));
    EXPECT_EQ(probe.waits(), 1);
}

// SRS_ASYNC_SOCKET_WIN32_01_093
TEST(lifecycle_waits, destroy_waits_while_opening_until_the_open_has_failed)
{
    lifecycle life;
    bring_to(life, state::opening);
    probe probe;
    probe.when_waiting([&](const probe::condition& done) {
        EXPECT_FALSE(done.holds());
        life.abandon_open();
        EXPECT_TRUE(done.holds());
    });
    EXPECT_FALSE(wait_until_settled(life));
    EXPECT_EQ(probe.waits(), 1);
}

// SRS_ASYNC_SOCKET_WIN32_01_093
TEST(lifecycle_waits, destroy_waits_while_closing)
{
    lifecycle life;
    bring_to_open_with(life, 1);
    require(begin_close(life, false));
    probe probe;
    probe.when_waiting([&](const probe::condition& done) {
        EXPECT_FALSE(done.holds());
        require(!life.end_operation());
        EXPECT_FALSE(done.holds());
        require(!life.complete_close());
        EXPECT_TRUE(done.holds());
    });
    EXPECT_FALSE(wait_until_settled(life));
    EXPECT_EQ(probe.waits(), 1);
}

TEST(lifecycle_waits, a_settled_socket_is_not_waited_for)
{
    probe probe;
    for (const state settled : {state::created, state::open, state::closed, state::connecting}) {
        lifecycle life;
        bring_to(life, settled);
        EXPECT_EQ(wait_until_settled(life), settled == state::open || settled == state::connecting);
    }
    EXPECT_EQ(probe.waits(), 0);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST(lifecycle_waits, destroy_in_a_callback_waits_for_all_callbacks_but_its_own_while_a_thread_closes)
{
    lifecycle life;
    bring_to_open_with(life, 3);
    require(begin_close(life, false));
    probe probe;
    probe.when_waiting([&](const probe::condition& done) {
        EXPECT_FALSE(done.holds());
        require(!life.end_operation());
        EXPECT_FALSE(done.holds());
        require(!life.end_operation());
        EXPECT_TRUE(done.holds());
    });
    wait_for_others_to_close(life, 1, false);
    EXPECT_EQ(probe.waits(), 1);
    EXPECT_EQ(life.operations(), 1U);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST(lifecycle_waits, destroy_in_a_callback_does_not_wait_for_the_callback_that_closes)
{
    lifecycle life;
    bring_to_open_with(life, 3);
    require(begin_close(life, true));
    probe probe;
    probe.when_waiting([&](const probe::condition& done) {
        EXPECT_FALSE(done.holds());
        require(!life.end_operation());
        EXPECT_TRUE(done.holds());
    });
    wait_for_others_to_close(life, 1, false);
    EXPECT_EQ(probe.waits(), 1);
    EXPECT_EQ(life.operations(), 2U);
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005: a callback that runs on top of the one that closes, on the same stack.
TEST(lifecycle_waits, destroy_in_a_callback_does_not_leave_out_a_closing_callback_twice)
{
    lifecycle life;
    bring_to_open_with(life, 4);
    require(begin_close(life, true));
    probe probe;
    probe.when_waiting([&](const probe::condition& done) {
        EXPECT_FALSE(done.holds());
        require(!life.end_operation());
        EXPECT_FALSE(done.holds());
        require(!life.end_operation());
        EXPECT_TRUE(done.holds());
    });
    wait_for_others_to_close(life, 2, true);
    EXPECT_EQ(probe.waits(), 1);
    EXPECT_EQ(life.operations(), 2U);
}

TEST(lifecycle_waits, destroy_in_a_callback_does_not_wait_once_the_socket_is_closed)
{
    for (const bool inside_own_callback : {false, true}) {
        lifecycle life;
        bring_to_open_with(life, 4);
        require(begin_close(life, inside_own_callback));
        probe probe;
        probe.when_waiting([&](const probe::condition& done) {
            EXPECT_FALSE(done.holds());
            require(!life.complete_close());
            EXPECT_TRUE(done.holds());
        });
        wait_for_others_to_close(life, 1, false);
        EXPECT_EQ(probe.waits(), 1);
        wait_for_others_to_close(life, 1, false);
        EXPECT_EQ(probe.waits(), 1);
    }
}

// What the thread can do by itself it does unnoticed by others.
TEST(lifecycle_waits, a_cooperative_thread_does_first_what_is_at_hand)
{
    lifecycle life;
    bring_to_open_with(life, 2);
    require(begin_close(life, false));
    probe probe;
    probe.when_working([&](const probe::condition& done) {
        EXPECT_FALSE(done.holds());
        require(!life.end_operation());
        EXPECT_EQ(probe.looks(), 0);
        EXPECT_TRUE(done.holds());
    });
    wait_for_operations(life, 1);
    EXPECT_EQ(probe.waits(), 0);
    wait_for_operations(life, 0);
    EXPECT_EQ(probe.waits(), 0);
}

// Every change that may end a wait asks the cooperative threads to look again.
TEST(lifecycle_waits, a_waiting_cooperative_thread_is_told_of_every_change_outside_open)
{
    lifecycle life;
    probe probe;
    const cooperative_thread::waiting waiting(probe);
    int told = 0;
    const auto expect_told = [&](const char* change) {
        EXPECT_EQ(probe.looks(), ++told) << change;
        told = probe.looks();
    };
    require(life.begin_open());
    expect_told("begin_open");
    life.abandon_open();
    expect_told("abandon_open");
    require(life.begin_open());
    expect_told("begin_open");
    life.complete_open(0);
    expect_told("complete_open");
    for (int i = 0; i < 3; ++i) {
        require(life.begin_call());
    }
    EXPECT_EQ(probe.looks(), told) << "nobody waits on an open socket";
    require(begin_close(life, false));
    life.end_call();
    expect_told("end_call");
    life.end_call();
    expect_told("end_call");
    life.withdraw_call();
    expect_told("withdraw_call");
    require(!life.end_operation());
    expect_told("end_operation");
    require(!life.complete_close());
    expect_told("complete_close");
    require(!life.end_operation());
    expect_told("end_operation of a closed socket");
}

// Each wait with a thread that really sleeps, often, so that some changes come before it looks, some while it falls
// asleep and some afterwards.
class woken : public testing::Test {
protected:
    static constexpr int rounds = 100;

    // `prepare` makes what is waited for untrue, `wait` waits, `change` makes it true.
    template <typename prepare_function, typename wait_function, typename change_function>
    static void expect_woken(const char* name, prepare_function prepare, wait_function wait, change_function change)
    {
        for (int round = 0; round < rounds; ++round) {
            lifecycle life;
            prepare(life);
            event waiter_is_there;
            background waiter(name, [&] {
                waiter_is_there.set();
                wait(life);
            });
            waiter_is_there.wait();
            for (int spin = 0; spin < (round % 10) * 5; ++spin) {
                std::this_thread::yield();
            }
            change(life);
            waiter.finish();
        }
    }
};

// SRS_ASYNC_SOCKET_WIN32_01_020
TEST_F(woken, wait_for_calls_by_a_call_that_ends)
{
    expect_woken(
        "wait_for_calls",
        [](lifecycle& life) {
            bring_to_open_with(life, 0);
            require(life.begin_call());
            require(begin_close(life, false));
        },
        [](const lifecycle& life) { life.wait_for_calls(); }, [](lifecycle& life) { life.end_call(); });
}

// SRS_ASYNC_SOCKET_WIN32_01_020
TEST_F(woken, wait_for_calls_by_a_call_that_withdraws)
{
    expect_woken(
        "wait_for_calls",
        [](lifecycle& life) {
            bring_to_open_with(life, 0);
            require(life.begin_call());
            require(begin_close(life, false));
        },
        [](const lifecycle& life) { life.wait_for_calls(); }, [](lifecycle& life) { life.withdraw_call(); });
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_004
TEST_F(woken, wait_for_operations_by_a_callback_that_returns)
{
    expect_woken(
        "wait_for_operations",
        [](lifecycle& life) {
            bring_to_open_with(life, 2);
            require(begin_close(life, true));
        },
        [](const lifecycle& life) { wait_for_operations(life, 1); },
        [](lifecycle& life) { require(!life.end_operation()); });
}

// SRS_ASYNC_SOCKET_WIN32_01_093
TEST_F(woken, wait_until_settled_by_an_open_that_succeeds)
{
    expect_woken(
        "wait_until_settled", [](lifecycle& life) { bring_to(life, state::opening); },
        [](const lifecycle& life) { EXPECT_TRUE(wait_until_settled(life)); },
        [](lifecycle& life) { life.complete_open(0); });
}

// SRS_ASYNC_SOCKET_WIN32_01_093, SRS_ASYNC_SOCKET_WIN32_01_039
TEST_F(woken, wait_until_settled_by_an_open_that_fails)
{
    expect_woken(
        "wait_until_settled", [](lifecycle& life) { bring_to(life, state::opening); },
        [](const lifecycle& life) { EXPECT_FALSE(wait_until_settled(life)); },
        [](lifecycle& life) { life.abandon_open(); });
}

// SRS_ASYNC_SOCKET_WIN32_01_093, SRS_ASYNC_SOCKET_WIN32_01_021
TEST_F(woken, wait_until_settled_by_a_close_that_completes)
{
    expect_woken(
        "wait_until_settled", [](lifecycle& life) { bring_to(life, state::closing); },
        [](const lifecycle& life) { EXPECT_FALSE(wait_until_settled(life)); },
        [](lifecycle& life) { require(!life.complete_close()); });
}

// SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(woken, wait_for_others_to_close_by_a_callback_that_returns)
{
    expect_woken(
        "wait_for_others_to_close",
        [](lifecycle& life) {
            bring_to_open_with(life, 2);
            require(begin_close(life, false));
        },
        [](const lifecycle& life) { wait_for_others_to_close(life, 1, false); },
        [](lifecycle& life) { require(!life.end_operation()); });
}

// SRS_ASYNC_SOCKET_WIN32_01_021: a close and a destroy may wait for the same socket.
TEST_F(woken, all_who_wait)
{
    for (int round = 0; round < rounds; ++round) {
        lifecycle life;
        bring_to_open_with(life, 1);
        require(begin_close(life, false));
        background closer("closer", [&] {
            wait_for_operations(life, 0);
            require(!life.complete_close());
        });
        background destroyer("destroyer", [&] { EXPECT_FALSE(wait_until_settled(life)); });
        require(!life.end_operation());
        closer.finish();
        destroyer.finish();
    }
}

} // namespace

} // namespace async_socket::detail
