// SPDX-License-Identifier: MIT
//
// What a close costs that is made in a callback that is called inside a close in a callback, and so on: steps of the
// library, which the compiler lets this program count.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>

#include <gtest/gtest.h>

#include "close_chain.h"
#include "support/engine_under_test.h"

namespace {

std::atomic<std::uint64_t> steps{0};

} // namespace

// Called in each piece of the instrumented code that has no branch.
extern "C" void __sanitizer_cov_trace_pc(); // NOLINT(bugprone-reserved-identifier)
extern "C" void __sanitizer_cov_trace_pc()  // NOLINT(bugprone-reserved-identifier)
{
    steps.fetch_add(1, std::memory_order_relaxed);
}

namespace cost {
namespace {

class nested_close : public ::testing::Test {
protected:
    std::uint64_t steps_of(std::size_t length)
    {
        close_chain closed(engine.get(), length);
        const std::uint64_t before = steps.load();
        closed.close();
        const std::uint64_t counted = steps.load() - before;
        std::printf("%zu nested closes: %llu steps\n", length, static_cast<unsigned long long>(counted));
        return counted;
    }

    contract::engine_owner engine{contract::create_engine_under_test(1, 1)};
};

// SRS_ASYNC_SOCKET_GUARANTEE_01_021: if each looked at the others, however briefly, 25 times as many would take 600
// times as many steps, and not 25 times, in the end.
TEST_F(nested_close, takes_steps_in_proportion_to_the_number)
{
    const std::uint64_t few = steps_of(100);
    const std::uint64_t many = steps_of(2500);
    EXPECT_GT(few, 1000u);
    EXPECT_LT(many, 3 * 25 * few);
}

} // namespace
} // namespace cost
