// SPDX-License-Identifier: MIT
//
// Delays: never early, never inline, exactly once, and what ends them before their time.

#include <chrono>
#include <cstddef>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/fixture.h"

namespace contract {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t an_hour = 3'600'000;

class delay : public with_engine {
protected:
    using with_engine::with_engine;

    delay_operation& start(std::uint32_t delay_ms)
    {
        delay_operation& started = make<delay_operation>();
        EXPECT_EQ(started.start(engine.get(), delay_ms), 0);
        return started;
    }
};

class delay_on_one_thread : public delay {
protected:
    delay_on_one_thread() : delay(1, 1) {}
};

// SRS_ASYNC_DELAY_01_001
TEST_F(delay, calls_back_with_ok_after_its_time_and_not_before)
{
    for (const std::uint32_t delay_ms : {1u, 20u, 75u}) {
        delay_operation& waiting = start(delay_ms);
        ASSERT_TRUE(waiting.wait());
        EXPECT_EQ(waiting.status(), ASYNC_STATUS_OK);
        EXPECT_EQ(waiting.system_error(), 0);
        EXPECT_EQ(waiting.transferred(), 0u);
        EXPECT_GE(waiting.took(), std::chrono::milliseconds(delay_ms));
    }
}

// SRS_ASYNC_DELAY_01_001
TEST_F(delay, of_0_calls_back_on_another_thread)
{
    for (int round = 0; round != 100; ++round) {
        delay_operation& waiting = start(0);
        ASSERT_TRUE(waiting.wait());
        EXPECT_EQ(waiting.status(), ASYNC_STATUS_OK);
        EXPECT_NE(waiting.thread(), std::this_thread::get_id());
        EXPECT_FALSE(waiting.was_called_inline());
    }
}

// SRS_ASYNC_DELAY_01_001
TEST_F(delay_on_one_thread, started_inside_a_callback_is_not_called_inside_the_call)
{
    delay_operation& inner = make<delay_operation>();
    delay_operation& outer = make<delay_operation>();
    bool inner_came_first = false;
    outer.in_callback = [&] {
        EXPECT_EQ(inner.start(engine.get(), 0), 0);
        inner_came_first = inner.calls() != 0;
    };
    ASSERT_EQ(outer.start(engine.get(), 1), 0);
    ASSERT_TRUE(outer.wait());
    ASSERT_TRUE(inner.wait());
    EXPECT_FALSE(inner.was_called_inline());
    EXPECT_FALSE(inner_came_first);
}

// SRS_ASYNC_DELAY_01_002, SRS_ASYNC_DELAY_01_001
TEST_F(delay, each_of_many_calls_back_once_and_none_early)
{
    std::vector<delay_operation*> all;
    for (std::uint32_t i = 0; i != 2000; ++i) {
        all.push_back(&start(i * 7919 % 101));
    }
    std::uint32_t i = 0;
    for (delay_operation* const each : all) {
        ASSERT_TRUE(each->wait());
        EXPECT_EQ(each->status(), ASYNC_STATUS_OK);
        EXPECT_GE(each->took(), std::chrono::milliseconds(i * 7919 % 101));
        ++i;
    }
    // Whatever would come a second time has come before the last one that was started.
    ASSERT_TRUE(start(100).wait());
    for (const delay_operation* const each : all) {
        EXPECT_EQ(each->calls(), 1u);
    }
}

// SRS_ASYNC_DELAY_01_001: a short one does not wait for a long one that was there before.
TEST_F(delay_on_one_thread, that_is_shorter_overtakes_a_longer_one)
{
    delay_operation& longer = start(an_hour);
    delay_operation& shorter = start(10);
    ASSERT_TRUE(shorter.wait());
    EXPECT_FALSE(longer.is_done());
    EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), longer.id()), 0);
}

// SRS_ASYNC_DELAY_01_003
TEST_F(delay, has_a_name_of_its_own_that_its_callback_may_read)
{
    std::set<ASYNC_OPERATION_ID> names;
    for (int i = 0; i != 100; ++i) {
        delay_operation& waiting = start(0);
        ASSERT_TRUE(waiting.wait());
        EXPECT_NE(waiting.id(), 0u);
        EXPECT_EQ(waiting.id_in_callback(), waiting.id());
        names.insert(waiting.id());
    }
    EXPECT_EQ(names.size(), 100u);
}

// SRS_ASYNC_DELAY_01_003
TEST_F(delay, needs_no_name)
{
    event called;
    ASSERT_EQ(async_delay_start(
                  engine.get(), 1, nullptr,
                  [](void* context, const ASYNC_COMPLETION*) { static_cast<event*>(context)->set(); }, &called),
              0);
    EXPECT_TRUE(called.wait());
}

// SRS_ASYNC_DELAY_01_004
TEST_F(delay, holds_the_engine_until_its_callback_has_returned)
{
    EXECUTION_ENGINE_HANDLE const held = engine.get();
    delay_operation& second = make<delay_operation>();
    delay_operation& first = make<delay_operation>();
    event dropped;
    first.in_callback = [&] {
        EXPECT_TRUE(dropped.wait());
        EXPECT_EQ(second.start(held, 20), 0); // the engine is there
    };
    ASSERT_EQ(first.start(held, 1), 0);
    engine.reset();
    dropped.set();
    ASSERT_TRUE(first.wait());
    ASSERT_TRUE(second.wait());
    EXPECT_EQ(second.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_DELAY_01_006
TEST_F(delay, that_is_cancelled_calls_back_at_once)
{
    delay_operation& waiting = start(an_hour);
    EXPECT_EQ(async_delay_cancel(engine.get(), waiting.id()), 0);
    ASSERT_TRUE(waiting.wait());
    EXPECT_EQ(waiting.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_FALSE(waiting.was_called_inline());
    EXPECT_EQ(async_delay_cancel(engine.get(), waiting.id()), 0);
    EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), waiting.id()), 0);
    EXPECT_EQ(waiting.calls(), 1u);
}

// SRS_ASYNC_DELAY_01_006
TEST_F(delay, the_longest_there_is_can_be_cancelled)
{
    delay_operation& waiting = start(UINT32_MAX - 1);
    EXPECT_EQ(async_delay_cancel(engine.get(), waiting.id()), 0);
    ASSERT_TRUE(waiting.wait());
    EXPECT_EQ(waiting.status(), ASYNC_STATUS_CANCELLED);
}

// SRS_ASYNC_DELAY_01_006
TEST_F(delay, a_cancel_leaves_others_alone)
{
    const connection link = make_connection();
    const socket_owner socket = open_socket(engine.get(), link.local.get());
    receive_ex_operation& receiving = start_receive_ex(socket.get(), 10);
    delay_operation& waiting = start(50);
    EXPECT_EQ(async_delay_cancel(engine.get(), receiving.id()), 0);
    EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), receiving.id()), 0);
    EXPECT_EQ(async_delay_cancel(engine.get(), UINT64_MAX), 0);
    EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), UINT64_MAX), 0);
    EXPECT_EQ(async_socket_cancel(socket.get(), waiting.id()), 0);
    ASSERT_TRUE(waiting.wait());
    EXPECT_EQ(waiting.status(), ASYNC_STATUS_OK);
    EXPECT_FALSE(receiving.is_done());
}

// SRS_ASYNC_DELAY_01_006: of another engine.
TEST_F(delay, a_cancel_leaves_those_of_another_engine_alone)
{
    const engine_owner other(create_engine_under_test(4, 0));
    ASSERT_TRUE(other);
    delay_operation& waiting = start(50);
    EXPECT_EQ(async_delay_cancel(other.get(), waiting.id()), 0);
    EXPECT_EQ(async_delay_cancel_and_wait(other.get(), waiting.id()), 0);
    ASSERT_TRUE(waiting.wait());
    EXPECT_EQ(waiting.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_DELAY_01_006, SRS_ASYNC_DELAY_01_007
TEST_F(delay, may_be_cancelled_in_its_own_callback_in_vain)
{
    delay_operation& waiting = make<delay_operation>();
    waiting.in_callback = [&] {
        EXPECT_EQ(async_delay_cancel(engine.get(), waiting.id()), 0);
        EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), waiting.id()), 0);
    };
    ASSERT_EQ(waiting.start(engine.get(), 5), 0);
    ASSERT_TRUE(waiting.wait());
    EXPECT_EQ(waiting.status(), ASYNC_STATUS_OK);
    EXPECT_EQ(waiting.calls(), 1u);
}

// SRS_ASYNC_DELAY_01_007
TEST_F(delay, a_cancel_that_waits_returns_when_the_callback_has_returned)
{
    for (int round = 0; round != 100; ++round) {
        auto waiting = std::make_unique<delay_operation>();
        ASSERT_EQ(waiting->start(engine.get(), an_hour), 0);
        EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), waiting->id()), 0);
        ASSERT_TRUE(waiting->is_done());
        EXPECT_EQ(waiting->status(), ASYNC_STATUS_CANCELLED);
        waiting.reset(); // its memory is free from here on
    }
}

// SRS_ASYNC_DELAY_01_007: a callback that runs already is waited for.
TEST_F(delay, a_cancel_that_waits_waits_for_a_callback_that_is_running)
{
    event inside;
    event may_return;
    delay_operation& waiting = make<delay_operation>();
    bool returned = false;
    waiting.in_callback = [&] {
        inside.set();
        EXPECT_TRUE(may_return.wait());
        returned = true;
    };
    ASSERT_EQ(waiting.start(engine.get(), 1), 0);
    ASSERT_TRUE(inside.wait());
    std::thread canceller([&] {
        EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), waiting.id()), 0);
        EXPECT_TRUE(returned);
    });
    may_return.set();
    canceller.join();
    EXPECT_EQ(waiting.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_DELAY_01_007: inside a callback, on the one thread there is.
TEST_F(delay_on_one_thread, a_cancel_that_waits_inside_a_callback_calls_the_other_back_inside)
{
    delay_operation& other = start(an_hour);
    delay_operation& waiting = make<delay_operation>();
    waiting.in_callback = [&] {
        EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), other.id()), 0);
        EXPECT_TRUE(other.is_done());
        EXPECT_EQ(other.calls(), 1u);
    };
    ASSERT_EQ(waiting.start(engine.get(), 1), 0);
    ASSERT_TRUE(waiting.wait());
    EXPECT_EQ(other.status(), ASYNC_STATUS_CANCELLED);
}

// SRS_ASYNC_DELAY_01_007, SRS_ASYNC_DELAY_01_002: the time and the cancel come together.
TEST_F(delay, races_its_cancel_to_exactly_one_end)
{
    int cancelled = 0;
    for (int round = 0; round != 300; ++round) {
        auto waiting = std::make_unique<delay_operation>();
        ASSERT_EQ(waiting->start(engine.get(), static_cast<std::uint32_t>(round % 3)), 0);
        std::thread canceller([&] { EXPECT_EQ(async_delay_cancel(engine.get(), waiting->id()), 0); });
        for (int spin = 0; spin < round % 50; ++spin) {
            std::this_thread::yield();
        }
        EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), waiting->id()), 0);
        ASSERT_TRUE(waiting->is_done());
        EXPECT_EQ(waiting->calls(), 1u);
        EXPECT_TRUE(waiting->status() == ASYNC_STATUS_OK || waiting->status() == ASYNC_STATUS_CANCELLED);
        cancelled += waiting->status() == ASYNC_STATUS_CANCELLED ? 1 : 0;
        canceller.join();
    }
    EXPECT_GT(cancelled, 0);
}

// SRS_ASYNC_DELAY_01_001, SRS_ASYNC_DELAY_01_002: as a timer that starts itself again.
TEST_F(delay, may_be_started_again_in_its_callback)
{
    struct ticking {
        EXECUTION_ENGINE_HANDLE engine;
        counter ticks;

        static void on_tick(void* context, const ASYNC_COMPLETION* completion)
        {
            auto& self = *static_cast<ticking*>(context);
            EXPECT_EQ(completion->status, ASYNC_STATUS_OK);
            const bool again = self.ticks.value() + 1 < 50;
            if (again) {
                EXPECT_EQ(async_delay_start(self.engine, 1, nullptr, on_tick, context), 0);
            }
            self.ticks.add();
        }
    };
    ticking clock{engine.get(), {}};
    ASSERT_EQ(async_delay_start(engine.get(), 1, nullptr, ticking::on_tick, &clock), 0);
    EXPECT_TRUE(clock.ticks.wait_for(50));
}

} // namespace
} // namespace contract
