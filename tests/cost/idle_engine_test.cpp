// SPDX-License-Identifier: MIT
//
// An engine that has nothing to do takes no time.

#include <cstdint>
#include <cstdio>
#include <ctime>

#include <gtest/gtest.h>

#include "async_socket/async_delay.h"
#include "ping_pong.h"
#include "support/engine_under_test.h"
#include "support/event.h"

namespace cost {
namespace {

double seconds_of(clockid_t clock)
{
    timespec time{};
    EXPECT_EQ(clock_gettime(clock, &time), 0);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// SRS_EXECUTION_ENGINE_LINUX_01_016
TEST(idle_engine, takes_next_to_no_time_of_a_processor)
{
    constexpr std::uint32_t idle_ms = 1000;
    constexpr double most = 0.005;
    contract::event over;
    const contract::engine_owner engine(contract::create_engine_under_test(2, 2));
    ASSERT_TRUE(engine);
    // One message at a time is what makes the workers look for work before they sleep. And the connections stay.
    ping_pong busy(engine.get(), 1);
    busy.exchange_in_callbacks(5000);
    ASSERT_EQ(busy.failures(), 0u);

    const double time_before = seconds_of(CLOCK_MONOTONIC);
    const double cpu_before = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    const auto tell = [](void* context, const ASYNC_COMPLETION*) { static_cast<contract::event*>(context)->set(); };
    ASSERT_EQ(async_delay_start(engine.get(), idle_ms, nullptr, tell, &over), 0);
    ASSERT_TRUE(over.wait());
    const double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_before;
    const double share = cpu / (seconds_of(CLOCK_MONOTONIC) - time_before);
    std::printf("%.2f ms, which is %.3f %% of a processor, at most %.1f %%\n", cpu * 1e3, share * 100, most * 100);
    EXPECT_LT(share, most);
}

} // namespace
} // namespace cost
