// SPDX-License-Identifier: MIT

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "async_socket/async_delay.h"
#include "support/completed.h"
#include "support/fixture.h"
#include "support/open_socket.h"

namespace {

using namespace unit;

class async_delay_test : public win32_test {
protected:
    owned_engine engine{execution_engine_create(nullptr)};

    int start(std::uint32_t delay_ms, completed& result, ASYNC_OPERATION_ID* id = nullptr)
    {
        return async_delay_start(engine.get(), delay_ms, id, completed::on_complete, &result);
    }
};

// SRS_ASYNC_DELAY_01_001, SRS_ASYNC_DELAY_01_002
TEST_F(async_delay_test, calls_back_after_the_time_on_a_thread_of_the_pool)
{
    const auto begin = std::chrono::steady_clock::now();
    completed result;
    ASSERT_EQ(start(20, result), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(20));
    EXPECT_NE(result.thread(), std::this_thread::get_id());
    EXPECT_EQ(result.get().bytes, 0u);
    EXPECT_EQ(result.get().system_error, 0);
    EXPECT_EQ(result.count(), 1);
}

// SRS_ASYNC_DELAY_01_001
TEST_F(async_delay_test, of_no_time_is_not_called_inline)
{
    fake_win32::hold_timers();
    completed result;
    ASSERT_EQ(start(0, result), 0);
    give_others_every_chance();
    EXPECT_EQ(result.count(), 0);
    fake_win32::release_timers();
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_DELAY_01_001
TEST_F(async_delay_test, a_timer_that_comes_early_does_not_call_back)
{
    completed result;
    ASYNC_OPERATION_ID id = 0;
    ASSERT_EQ(start(3600'000, result, &id), 0);
    // The timer is set anew for this one, and its callback finds the other one not due.
    completed sooner;
    ASSERT_EQ(start(0, sooner), 0);
    sooner.wait();
    EXPECT_EQ(result.count(), 0);
    EXPECT_EQ(async_delay_cancel(engine.get(), id), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_CANCELLED);
}

// SRS_ASYNC_DELAY_01_001
TEST_F(async_delay_test, many_are_called_in_the_order_of_their_times)
{
    const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
    engine.reset(execution_engine_create(&one_thread));
    fake_win32::hold_timers();
    std::vector<int> order;
    completed results[3] = {completed([&] { order.push_back(30); }), completed([&] { order.push_back(10); }),
                            completed([&] { order.push_back(20); })};
    ASSERT_EQ(start(30, results[0]), 0);
    ASSERT_EQ(start(10, results[1]), 0);
    ASSERT_EQ(start(20, results[2]), 0);
    fake_win32::release_timers();
    for (completed& result : results) {
        result.wait();
    }
    EXPECT_THAT(order, testing::ElementsAre(10, 20, 30));
}

// SRS_ASYNC_DELAY_01_003
TEST_F(async_delay_test, the_name_is_there_before_the_callback)
{
    ASYNC_OPERATION_ID id = 0;
    ASYNC_OPERATION_ID seen = 0;
    completed result([&] { seen = id; });
    ASSERT_EQ(start(0, result, &id), 0);
    result.wait();
    EXPECT_NE(seen, 0u);
    ASYNC_OPERATION_ID other = 0;
    completed again;
    ASSERT_EQ(start(0, again, &other), 0);
    again.wait();
    EXPECT_NE(other, seen);
}

// SRS_ASYNC_DELAY_01_004
TEST_F(async_delay_test, holds_the_engine_until_the_callback_has_returned)
{
    gate may_return;
    gate inside;
    completed result([&] {
        inside.open();
        may_return.wait();
    });
    ASSERT_EQ(start(0, result), 0);
    inside.wait();
    engine.reset();
    EXPECT_EQ(live().pools, 1u);
    may_return.open();
    result.wait();
    EXPECT_TRUE(eventually([] { return live().pools == 0; }));
    EXPECT_TRUE(eventually([] { return live().timers == 0; }));
}

// SRS_ASYNC_DELAY_01_004
TEST_F(async_delay_test, the_last_reference_may_be_dropped_in_the_callback)
{
    for (int round = 0; round < 50; round++) {
        engine.reset(execution_engine_create(nullptr));
        completed result([&] { engine.reset(); });
        completed others[4];
        for (completed& other : others) {
            ASSERT_EQ(start(0, other), 0);
        }
        ASSERT_EQ(start(0, result), 0);
        result.wait();
        for (completed& other : others) {
            EXPECT_EQ(other.status(), ASYNC_STATUS_OK);
        }
        EXPECT_TRUE(eventually([] { return live().allocations == 0; }));
    }
}

// SRS_ASYNC_DELAY_01_005
TEST_F(async_delay_test, bad_arguments_are_refused)
{
    completed result;
    ASYNC_OPERATION_ID id = 77;
    EXPECT_NE(async_delay_start(nullptr, 1, &id, completed::on_complete, &result), 0);
    expect_refusal("async_delay_start", "execution_engine");
    EXPECT_NE(async_delay_start(engine.get(), 1, &id, nullptr, &result), 0);
    expect_refusal("async_delay_start", "on_complete");
    EXPECT_NE(start(UINT32_MAX, result, &id), 0);
    expect_refusal("async_delay_start", "delay_ms");
    EXPECT_EQ(id, 77u);
    EXPECT_NE(async_delay_cancel(nullptr, 1), 0);
    expect_refusal("async_delay_cancel", "execution_engine");
    EXPECT_NE(async_delay_cancel(engine.get(), 0), 0);
    expect_refusal("async_delay_cancel", "id");
    EXPECT_NE(async_delay_cancel_and_wait(nullptr, 1), 0);
    expect_refusal("async_delay_cancel_and_wait", "execution_engine");
    EXPECT_NE(async_delay_cancel_and_wait(engine.get(), 0), 0);
    expect_refusal("async_delay_cancel_and_wait", "id");
    EXPECT_EQ(count_of(api::CreateThreadpoolTimer), 0u);
}

// SRS_ASYNC_DELAY_01_005
TEST_F(async_delay_test, leaves_nothing_whatever_fails)
{
    const std::size_t failures = for_every_fault([&](fault_run& run) {
        owned_engine own(execution_engine_create(nullptr));
        completed result;
        run.arm();
        const int returned = async_delay_start(own.get(), 0, nullptr, completed::on_complete, &result);
        EXPECT_EQ(returned != 0, run.disarm());
        EXPECT_EQ(log.take().empty(), returned == 0);
        if (returned == 0) {
            EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
        }
    });
    EXPECT_EQ(failures, 2u); // CreateThreadpoolTimer, one allocation
}

// SRS_ASYNC_DELAY_01_006, SRS_ASYNC_DELAY_01_002
TEST_F(async_delay_test, cancel_ends_it_at_once_and_once)
{
    completed result;
    ASYNC_OPERATION_ID id = 0;
    ASSERT_EQ(start(3600'000, result, &id), 0);
    EXPECT_EQ(async_delay_cancel(engine.get(), id), 0);
    EXPECT_EQ(async_delay_cancel(engine.get(), id), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_NE(result.thread(), std::this_thread::get_id());
    EXPECT_EQ(async_delay_cancel(engine.get(), id), 0);
    EXPECT_EQ(async_delay_cancel(engine.get(), id + 1024), 0);
    give_others_every_chance();
    EXPECT_EQ(result.count(), 1);
}

// SRS_ASYNC_DELAY_01_007
TEST_F(async_delay_test, cancel_and_wait_returns_after_the_callback)
{
    bool has_returned = false;
    completed result([&] {
        give_others_every_chance();
        has_returned = true;
    });
    ASYNC_OPERATION_ID id = 0;
    ASSERT_EQ(start(3600'000, result, &id), 0);
    EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), id), 0);
    EXPECT_TRUE(has_returned);
    EXPECT_EQ(result.status(), ASYNC_STATUS_CANCELLED);
    EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), id), 0);
}

// SRS_ASYNC_DELAY_01_007
TEST_F(async_delay_test, cancel_and_wait_waits_for_a_callback_that_runs)
{
    gate inside;
    gate may_return;
    completed result([&] {
        inside.open();
        may_return.wait();
    });
    ASYNC_OPERATION_ID id = 0;
    ASSERT_EQ(start(0, result, &id), 0);
    inside.wait();
    gate has_waited;
    std::thread waiters[2];
    for (std::thread& waiter : waiters) {
        waiter = std::thread([&] {
            EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), id), 0);
            EXPECT_TRUE(may_return.is_open());
        });
    }
    give_others_every_chance();
    may_return.open();
    for (std::thread& waiter : waiters) {
        waiter.join();
    }
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_DELAY_01_007
TEST_F(async_delay_test, cancel_and_wait_in_the_callback_itself_returns_at_once)
{
    ASYNC_OPERATION_ID id = 0;
    completed result([&] { EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), id), 0); });
    ASSERT_EQ(start(0, result, &id), 0);
    EXPECT_EQ(result.status(), ASYNC_STATUS_OK);
}

// SRS_ASYNC_DELAY_01_007
TEST_F(async_delay_test, cancel_and_wait_in_another_callback_of_the_only_thread)
{
    const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
    engine.reset(execution_engine_create(&one_thread));
    completed other;
    ASYNC_OPERATION_ID id = 0;
    ASSERT_EQ(start(3600'000, other, &id), 0);
    completed result([&] {
        EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), id), 0);
        EXPECT_EQ(other.count(), 1);
    });
    ASSERT_EQ(start(0, result), 0);
    result.wait();
    EXPECT_EQ(other.status(), ASYNC_STATUS_CANCELLED);
}

// SRS_ASYNC_DELAY_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_005
TEST_F(async_delay_test, a_socket_is_closed_in_the_callback_on_the_only_thread)
{
    const EXECUTION_ENGINE_PARAMETERS one_thread{1, 1};
    open_socket opened(&one_thread);
    std::string room(4, '\0');
    outcome receive;
    ASSERT_EQ(start_receive(opened.socket.get(), room, receive), 0);
    completed result([&] {
        async_socket_close(opened.socket.get());
        EXPECT_EQ(receive.count(), 1);
    });
    ASSERT_EQ(async_delay_start(opened.engine.get(), 0, nullptr, completed::on_complete, &result), 0);
    result.wait();
}

// SRS_ASYNC_DELAY_01_002, SRS_ASYNC_DELAY_01_006, SRS_ASYNC_DELAY_01_007
TEST_F(async_delay_test, cancels_race_with_the_end)
{
    for (int round = 0; round < 200; round++) {
        completed result;
        ASYNC_OPERATION_ID id = 0;
        ASSERT_EQ(start(round % 2 == 0 ? 0 : 1, result, &id), 0);
        std::thread other([&] { EXPECT_EQ(async_delay_cancel(engine.get(), id), 0); });
        EXPECT_EQ(async_delay_cancel_and_wait(engine.get(), id), 0);
        EXPECT_EQ(result.count(), 1);
        other.join();
    }
}

} // namespace
