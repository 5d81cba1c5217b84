// SPDX-License-Identifier: MIT

#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "common/lifecycle/end_waiter.hpp"
#include "common/lifecycle/lifecycle.hpp"
#include "support/background.h"
#include "support/event.h"
#include "support/probe.h"

namespace async_socket::detail {

namespace {

// SRS_ASYNC_SOCKET_EX_01_014
TEST(end_waiter, is_woken_by_the_signal_and_sees_what_came_before_it)
{
    for (int round = 0; round < 200; ++round) {
        const lifecycle life;
        auto waiter = std::make_unique<end_waiter>();
        int written = 0; // plainly, for ThreadSanitizer
        event there;
        background thread("waiter", [&] {
            there.set();
            waiter->wait(life);
            EXPECT_EQ(written, 1);
            waiter.reset(); // may be gone at once
        });
        there.wait();
        for (int spin = 0; spin < round % 10; ++spin) {
            std::this_thread::yield();
        }
        written = 1;
        waiter->signal();
        thread.finish();
    }
}

TEST(end_waiter, that_was_signalled_does_not_wait)
{
    const lifecycle life;
    end_waiter waiter;
    waiter.signal();
    waiter.wait(life);
}

// SRS_ASYNC_SOCKET_EX_01_014: on the thread of the engine.
TEST(end_waiter, on_a_cooperative_thread_works_meanwhile)
{
    const lifecycle life;
    end_waiter waiter;
    probe probe;
    probe.when_waiting([&](const probe::condition& done) {
        EXPECT_FALSE(done.holds());
        const int before = probe.looks();
        waiter.signal();
        EXPECT_GT(probe.looks(), before);
        EXPECT_TRUE(done.holds());
    });
    waiter.wait(life);
    EXPECT_EQ(probe.waits(), 1);
    EXPECT_EQ(probe.awaited(), &life);
}

TEST(end_waiter, of_a_list_are_all_signalled)
{
    const lifecycle life;
    constexpr std::size_t count = 3;
    std::vector<std::unique_ptr<end_waiter>> waiters;
    std::vector<std::unique_ptr<background>> threads;
    end_waiter* first = nullptr;
    for (std::size_t i = 0; i < count; ++i) {
        waiters.push_back(std::make_unique<end_waiter>());
        waiters.back()->next = first;
        first = waiters.back().get();
    }
    for (std::size_t i = 0; i < count; ++i) {
        threads.push_back(std::make_unique<background>("waiter", [&life, waiter = std::move(waiters[i])]() mutable {
            waiter->wait(life);
            waiter.reset();
        }));
    }
    end_waiter::signal_all(first);
    end_waiter::signal_all(nullptr);
}

} // namespace

} // namespace async_socket::detail
