// SPDX-License-Identifier: MIT
//
// No memory is allocated from one message to the next.

#include <cstddef>
#include <cstdio>
#include <memory>
#include <stdexcept>

#include <gtest/gtest.h>

#include "allocation_count.h"
#include "ping_pong.h"
#include "support/engine_under_test.h"

namespace cost {
namespace {

constexpr std::size_t connections = 64;
constexpr std::size_t warm_up = 10000;
constexpr std::size_t measured = 20000;

class allocations : public ::testing::TestWithParam<unsigned> {
protected:
    allocations() : engine_(contract::create_engine_under_test(GetParam(), GetParam()))
    {
        if (!engine_) {
            throw std::runtime_error("cannot create an engine");
        }
    }

    template <typename Exchange>
    void expect_none(const char* started, Exchange exchange)
    {
        {
            // As many operations at once as there will ever be, and more, whatever the measured ones do.
            ping_pong larger(engine_.get(), 4 * connections);
            exchange(larger, warm_up);
        }
        ping_pong load(engine_.get(), connections);
        exchange(load, warm_up);
        const std::size_t before = allocation_count();
        const std::size_t messages = exchange(load, measured);
        const std::size_t counted = allocation_count() - before;
        EXPECT_EQ(load.failures(), 0u);
        EXPECT_GE(messages, measured);
        std::printf("operations started %s, %u workers: %zu allocations in %zu messages\n", started, GetParam(),
                    counted, messages);
        EXPECT_EQ(counted, 0u);
    }

private:
    contract::engine_owner engine_;
};

// A test that cannot fail is worse than none: the count counts.
TEST(allocation_count, counts)
{
    const std::size_t before = allocation_count();
    const auto block = std::make_unique<ping_pong*[]>(1000);
    EXPECT_NE(block, nullptr);
    EXPECT_EQ(allocation_count(), before + 1);
}

// SRS_ASYNC_SOCKET_LINUX_01_028
TEST_P(allocations, are_none_for_what_callbacks_start)
{
    expect_none("in callbacks",
                [](ping_pong& load, std::size_t messages) { return load.exchange_in_callbacks(messages); });
}

// SRS_ASYNC_SOCKET_LINUX_01_028
TEST_P(allocations, are_none_for_what_another_thread_starts)
{
    expect_none("on another thread",
                [](ping_pong& load, std::size_t messages) { return load.exchange_from_here(messages); });
}

INSTANTIATE_TEST_SUITE_P(workers, allocations, ::testing::Values(1u, 2u));

} // namespace
} // namespace cost
