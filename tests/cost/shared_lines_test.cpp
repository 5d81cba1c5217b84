// SPDX-License-Identifier: MIT
//
// No cache line that another worker writes is touched from one message to the next, so that workers do not slow each
// other down, however many there are. Counted, not timed: line_watch.h.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>
#include <tuple>

#include <gtest/gtest.h>

#include "line_watch.h"
#include "ping_pong.h"
#include "support/engine_under_test.h"

namespace cost {
namespace {

constexpr std::size_t warm_up = 10000;
constexpr std::size_t measured = 20000;

void wait_until_sent(const ping_pong& load, std::size_t messages)
{
    while (load.sent() < messages) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

// The rings of an engine are often where those of the one before were, and a worker may come to an entry late.
struct fresh_lines {
    fresh_lines() { forget_lines(); }
};

// Connections, workers.
class shared_lines : private fresh_lines, public ::testing::TestWithParam<std::tuple<std::size_t, std::uint32_t>> {
protected:
    const std::size_t connections = std::get<0>(GetParam());
    const std::uint32_t workers = std::get<1>(GetParam());
    const contract::engine_owner engine{contract::create_engine_under_test(workers, workers)};
};

// SRS_ASYNC_SOCKET_LINUX_01_055
TEST_P(shared_lines, are_none_from_one_message_to_the_next)
{
    ASSERT_TRUE(engine);
    ping_pong load(engine.get(), connections);
    // Between the beginning, when another thread starts the first operations, and the end.
    std::thread exchanging([&] { load.exchange_in_callbacks(2 * warm_up + measured); });
    wait_until_sent(load, warm_up);
    const std::size_t sent_before = load.sent();
    const std::size_t transfers_before = line_transfers();
    const std::size_t accesses_before = accesses();
    wait_until_sent(load, warm_up + measured);
    const std::size_t transfers = line_transfers() - transfers_before;
    const std::size_t looked_at = accesses() - accesses_before;
    const std::size_t messages = load.sent() - sent_before;
    if (transfers != 0) {
        print_latest_transfers();
    }
    exchanging.join();
    EXPECT_EQ(load.failures(), 0u);
    std::printf("%zu connections, %u workers: %zu lines of other workers in %zu messages, %.1f accesses a message\n",
                connections, workers, transfers, messages,
                static_cast<double>(looked_at) / static_cast<double>(messages));
    EXPECT_GT(looked_at, messages);
    EXPECT_EQ(transfers, 0u);
}

// What is started elsewhere has to come to its worker, so this shows that the count counts.
TEST_P(shared_lines, are_counted_where_another_thread_starts_the_operations)
{
    ASSERT_TRUE(engine);
    ping_pong load(engine.get(), connections);
    load.exchange_from_here(1000);
    const std::size_t before = line_transfers();
    const std::size_t messages = load.exchange_from_here(1000);
    const std::size_t transfers = line_transfers() - before;
    std::printf("%zu connections, %u workers, started elsewhere: %.1f lines a message\n", connections, workers,
                static_cast<double>(transfers) / static_cast<double>(messages));
    EXPECT_GE(transfers, messages);
}

INSTANTIATE_TEST_SUITE_P(loads, shared_lines,
                         ::testing::Values(std::tuple(1, 2), std::tuple(64, 2), std::tuple(64, 4), std::tuple(500, 4)),
                         [](const auto& of) {
                             return std::to_string(std::get<0>(of.param)) + "_connections_" +
                                    std::to_string(std::get<1>(of.param)) + "_workers";
                         });

} // namespace
} // namespace cost
