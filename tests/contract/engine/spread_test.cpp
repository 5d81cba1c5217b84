// SPDX-License-Identifier: MIT
//
// A server uses every thread of its engine.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/echo_server.h"
#include "support/fixture.h"
#include "support/raw_peer.h"

namespace contract {
namespace {

class spread : public ::testing::TestWithParam<std::uint32_t> {
protected:
    spread() : engine(create_engine_under_test(GetParam(), GetParam())) {}

    // Each is accepted before the next one comes, so the numbers of the server's are those of the peers.
    void connect(std::size_t number)
    {
        for (std::size_t i = 0; i != number; ++i) {
            peers.push_back(std::make_unique<raw_peer>(server.port()));
            ASSERT_TRUE(server.wait_for_connections(peers.size()));
        }
    }
    void expect_echo(std::size_t peer)
    {
        const char sent = 'x';
        char received = 0;
        ASSERT_EQ(peers[peer]->send(&sent, 1), 1);
        ASSERT_EQ(peers[peer]->receive(&received, 1), 1);
        EXPECT_EQ(received, sent);
    }
    void send_to(std::size_t peer)
    {
        const char sent = 'x';
        ASSERT_EQ(peers[peer]->send(&sent, 1), 1);
    }

    // Of a callback that blocks; they outlive the server.
    event blocked;
    event release;
    std::atomic<std::size_t> blocking{SIZE_MAX};

    const engine_owner engine;
    std::vector<std::unique_ptr<raw_peer>> peers;
    echo_server server{engine.get(), 0};
};

using spread_over_four = spread;

std::vector<std::size_t> count_by_thread(const std::vector<std::uint32_t>& threads, std::uint32_t thread_count)
{
    std::vector<std::size_t> result(thread_count, 0);
    for (const std::uint32_t each : threads) {
        EXPECT_LT(each, thread_count);
        ++result[std::min(each, thread_count - 1)];
    }
    return result;
}

bool ties_sockets_to_threads(const std::vector<std::uint32_t>& threads)
{
    return threads.front() != EXECUTION_ENGINE_ANY_THREAD;
}

// SRS_EXECUTION_ENGINE_LINUX_01_040, SRS_ASYNC_SOCKET_GUARANTEE_01_023, SRS_ASYNC_SOCKET_LINUX_01_005
TEST_P(spread, what_a_listener_hands_out_is_divided_among_all_threads)
{
    constexpr std::size_t connections = 200;
    connect(connections);
    for (std::size_t i = 0; i != connections; ++i) {
        expect_echo(i);
    }
    EXPECT_EQ(server.refused(), 0u);
    const std::vector<std::uint32_t> threads = server.threads();
    if (!ties_sockets_to_threads(threads)) {
        GTEST_SKIP() << "any thread serves any socket";
    }
    EXPECT_EQ(server.strayed(), 0u);
    const double share = static_cast<double>(connections) / GetParam();
    for (const std::size_t each : count_by_thread(threads, GetParam())) {
        EXPECT_GE(static_cast<double>(each), 0.8 * share - 1);
        EXPECT_LE(static_cast<double>(each), 1.2 * share + 1);
    }
}

// Those that go leave room for those that come. SRS_EXECUTION_ENGINE_LINUX_01_040
TEST_P(spread, is_even_again_when_the_connections_of_one_thread_have_gone)
{
    connect(64);
    const std::vector<std::uint32_t> before = server.threads();
    if (!ties_sockets_to_threads(before)) {
        GTEST_SKIP() << "any thread serves any socket";
    }
    const std::size_t gone = server.close_those_of(0);
    EXPECT_EQ(gone, count_by_thread(before, GetParam())[0]);
    connect(gone);
    const std::vector<std::uint32_t> all = server.threads();
    const std::vector<std::uint32_t> after(all.begin() + 64, all.end());
    EXPECT_GE(count_by_thread(after, GetParam())[0], gone * 8 / 10);
}

// SRS_EXECUTION_ENGINE_LINUX_01_042, SRS_ASYNC_SOCKET_GUARANTEE_01_023
TEST_P(spread_over_four, a_callback_that_blocks_holds_up_the_sockets_of_its_thread_only)
{
    constexpr std::size_t at_first = 12;
    server.before_echo = [&](std::size_t number) {
        if (number == blocking) {
            blocked.set();
            EXPECT_TRUE(release.wait());
        }
    };
    connect(at_first);
    const std::vector<std::uint32_t> threads = server.threads();
    // Not on the listener's thread, which goes on accepting.
    const auto found = std::find_if(threads.begin(), threads.end(), [](std::uint32_t each) { return each != 0; });
    ASSERT_NE(found, threads.end());
    const auto held_up = static_cast<std::size_t>(found - threads.begin());
    const auto shares_its_thread = [&](std::size_t peer) {
        return peer == held_up || (ties_sockets_to_threads(threads) && threads[peer] == threads[held_up]);
    };
    blocking = held_up;
    send_to(held_up);
    ASSERT_TRUE(blocked.wait());

    // By the end of that the engine knows.
    delay_operation passing;
    ASSERT_EQ(passing.start(engine.get(), 0, 100), 0);
    ASSERT_TRUE(passing.wait());
    connect(40);
    for (std::size_t i = 0; i != peers.size(); ++i) {
        if (i >= at_first || !shares_its_thread(i)) {
            expect_echo(i);
        }
    }
    release.set();
    char received = 0;
    ASSERT_EQ(peers[held_up]->receive(&received, 1), 1);
    for (std::size_t i = 0; i != at_first; ++i) {
        expect_echo(i);
    }
}

INSTANTIATE_TEST_SUITE_P(threads, spread, ::testing::Values(1u, 2u, 4u, 16u),
                         [](const auto& of) { return std::to_string(of.param); });
INSTANTIATE_TEST_SUITE_P(threads, spread_over_four, ::testing::Values(4u),
                         [](const auto& of) { return std::to_string(of.param); });

} // namespace
} // namespace contract
