// SPDX-License-Identifier: MIT
//
// When a worker looks for work before it sleeps.

#include <atomic>
#include <cstddef>
#include <cstdint>

#include <gtest/gtest.h>

#include "async_socket/counters.h"
#include "linux/engine/spinning.hpp"
#include "linux_support/engines.h"
#include "support/fixture.h"
#include "support/refusal.h"

namespace linux_tests {
namespace {

using async_socket::detail::spinning;

constexpr std::uint64_t limit = 50'000;

// What an engine does with it.
bool wait_once(spinning& judged, std::uint64_t time, unsigned brought = 1)
{
    const bool looks = !judged.passes() && judged.is_worth_it();
    judged.has_waited(time, limit, brought);
    return looks;
}

std::size_t looks_in(spinning& judged, std::size_t waits, std::uint64_t time, unsigned brought = 1)
{
    std::size_t looks = 0;
    for (std::size_t i = 0; i != waits; ++i) {
        looks += wait_once(judged, time, brought) ? 1 : 0;
    }
    return looks;
}

// SRS_EXECUTION_ENGINE_LINUX_01_012
TEST(spinning_policy, begins_when_waits_have_been_short_for_a_while)
{
    spinning judged;
    EXPECT_EQ(looks_in(judged, 8, limit), 0u);
    EXPECT_EQ(looks_in(judged, 100, limit), 100u);
}

// SRS_EXECUTION_ENGINE_LINUX_01_012
TEST(spinning_policy, does_not_begin_where_waits_are_long)
{
    spinning judged;
    EXPECT_EQ(looks_in(judged, 1000, limit + 1), 0u);
}

// SRS_EXECUTION_ENGINE_LINUX_01_012
TEST(spinning_policy, ends_after_two_long_waits)
{
    spinning judged;
    looks_in(judged, 1000, 1);
    EXPECT_EQ(looks_in(judged, 1000, limit + 1), 2u);
}

// SRS_EXECUTION_ENGINE_LINUX_01_012
TEST(spinning_policy, does_not_begin_where_every_other_wait_is_long)
{
    spinning judged;
    std::size_t looks = 0;
    for (int i = 0; i != 1000; ++i) {
        looks += wait_once(judged, 1) ? 1 : 0;
        looks += wait_once(judged, limit + 1) ? 1 : 0;
    }
    EXPECT_EQ(looks, 0u);
}

// SRS_EXECUTION_ENGINE_LINUX_01_012
TEST(spinning_policy, does_not_begin_where_a_wait_brings_many_operations)
{
    spinning judged;
    EXPECT_EQ(looks_in(judged, 1000, 1, 64), 0u);
}

// SRS_EXECUTION_ENGINE_LINUX_01_013
TEST(spinning_policy, pauses_for_longer_and_longer_where_others_want_the_processor)
{
    spinning judged;
    looks_in(judged, 100, 1);
    std::size_t waits_before = 0;
    for (int i = 0; i != 5; ++i) {
        for (int crowded = 0; crowded != 3; ++crowded) {
            ASSERT_TRUE(wait_once(judged, 1));
            judged.is_crowded();
        }
        std::size_t waits = 0;
        while (!wait_once(judged, 1)) {
            ++waits;
            ASSERT_LT(waits, 100'000u);
        }
        EXPECT_GT(waits, waits_before);
        waits_before = waits;
    }
    // Not for ever: others may be done some time.
    for (int i = 0; i != 100; ++i) {
        judged.is_crowded();
    }
    EXPECT_GT(looks_in(judged, 100'000, 1), 0u);
}

// SRS_EXECUTION_ENGINE_LINUX_01_013
TEST(spinning_policy, takes_a_single_interruption_for_chance)
{
    spinning judged;
    looks_in(judged, 100, 1);
    for (int i = 0; i != 100; ++i) {
        judged.is_crowded();
        judged.has_found();
        EXPECT_TRUE(wait_once(judged, 1));
    }
}

// A peer that answers at once, on a thread of its own.
class spinning_worker : public contract::with_socket {
protected:
    spinning_worker() : with_socket(1, 1) {}

    // The callbacks of this side send each message back that the test sends. Returns how often the worker went to
    // sleep.
    std::uint64_t sleeps_in(std::size_t messages)
    {
        const std::uint64_t before = sleeps();
        receive();
        for (std::size_t i = 0; i != messages; ++i) {
            EXPECT_TRUE(contract::send_all(link.peer.get(), contract::pattern(1, i)));
            EXPECT_EQ(contract::receive_exactly(link.peer.get(), 1), contract::pattern(1, i));
        }
        // Ends the receive that is outstanding, without an answer.
        contract::event ended;
        ended_ = &ended;
        EXPECT_TRUE(contract::send_all(link.peer.get(), contract::pattern(1)));
        EXPECT_TRUE(ended.wait());
        ended_ = nullptr;
        return sleeps() - before;
    }

    // A worker with no experience.
    void begin_anew(std::uint32_t spin_limit_us)
    {
        // At once, while it still looks for more.
        socket.reset();
        engine.reset();
        engine = make_engine(1);
        ASSERT_TRUE(engine);
        ASSERT_EQ(execution_engine_linux_set_spin_limit(engine.get(), spin_limit_us), 0);
        link = contract::make_connection();
        socket = contract::open_socket(engine.get(), link.local.get());
    }

private:
    std::uint64_t sleeps() const
    {
        EXECUTION_ENGINE_COUNTERS counters{};
        EXPECT_EQ(execution_engine_get_counters(engine.get(), &counters), 0);
        return counters.wake_ups;
    }

    void receive()
    {
        ASYNC_SOCKET_BUFFER buffer{memory_, 1};
        EXPECT_EQ(async_socket_receive_async(socket.get(), &buffer, 1, on_received, this), 0);
    }

    static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT, std::uint32_t)
    {
        auto& self = *static_cast<spinning_worker*>(context);
        if (contract::event* const ended = self.ended_.load()) {
            ended->set();
            return;
        }
        const ASYNC_SOCKET_BUFFER buffer{self.memory_, 1};
        EXPECT_EQ(async_socket_send_async(self.socket.get(), &buffer, 1, on_sent, context), ASYNC_SOCKET_SEND_SYNC_OK);
    }

    static void on_sent(void* context, ASYNC_SOCKET_SEND_RESULT) { static_cast<spinning_worker*>(context)->receive(); }

    unsigned char memory_[1]{};
    std::atomic<contract::event*> ended_{nullptr};
};

// SRS_EXECUTION_ENGINE_LINUX_01_011, SRS_EXECUTION_ENGINE_LINUX_01_014
TEST_F(spinning_worker, finds_answers_that_come_soon_without_going_to_sleep)
{
    // So few that others leave the processors alone for as long as they take, at some time at least.
    constexpr std::size_t messages = 20;
    EXPECT_TRUE(wait_until([&] {
        begin_anew(1000);
        sleeps_in(messages);
        return sleeps_in(messages) < messages;
    }));
}

// SRS_EXECUTION_ENGINE_LINUX_01_014
TEST_F(spinning_worker, sleeps_at_once_where_it_is_told_to)
{
    constexpr std::size_t messages = 500;
    ASSERT_EQ(execution_engine_linux_set_spin_limit(engine.get(), 0), 0);
    const std::uint64_t sleeps = sleeps_in(messages);
    if (is_io_uring_under_test()) {
        EXPECT_GE(sleeps, messages);
    }
    EXPECT_GT(sleeps, 0u);
}

// A stop is told by a wake, which the look must not swallow.
// SRS_EXECUTION_ENGINE_LINUX_01_011
TEST_F(spinning_worker, is_stopped_at_any_time)
{
    for (int i = 0; i != 1000; ++i) {
        ASSERT_NO_FATAL_FAILURE(begin_anew(1000));
        sleeps_in(20);
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_015
TEST(spin_limit, is_refused_for_no_engine_and_where_it_is_too_large)
{
    contract::expect_refused(1, "execution_engine_linux_set_spin_limit", "execution_engine",
                             [] { return execution_engine_linux_set_spin_limit(nullptr, 50); });
    const engine_owner engine = make_engine(1);
    ASSERT_TRUE(engine);
    EXPECT_EQ(execution_engine_linux_set_spin_limit(engine.get(), 1000), 0);
    contract::expect_refused(1, "execution_engine_linux_set_spin_limit", "microseconds",
                             [&] { return execution_engine_linux_set_spin_limit(engine.get(), 1001); });
}

} // namespace
} // namespace linux_tests
