// SPDX-License-Identifier: MIT
//
// Seeded random programs over one socket: connects, callers, visitors, callbacks, closers and one destroyer, outside
// and inside callbacks. Where the socket was is poisoned when it is freed: whoever touches it afterwards is seen by the
// sanitizers, and whoever writes to it by the test itself.

#include <gtest/gtest.h>

#include "support/random_program.h"
#include "support/seeds.h"

namespace {

// SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_GUARANTEE_01_004, SRS_ASYNC_SOCKET_GUARANTEE_01_005,
// SRS_ASYNC_SOCKET_GUARANTEE_01_006, SRS_ASYNC_SOCKET_WIN32_01_005, SRS_ASYNC_SOCKET_WIN32_01_020,
// SRS_ASYNC_SOCKET_WIN32_01_093, SRS_ASYNC_CONNECT_01_011
TEST(lifecycle_stress, random_programs)
{
    constexpr unsigned rounds = 500;
    program_totals totals;
    for (const std::uint64_t seed : seeds(rounds)) {
        SCOPED_TRACE(seed_to_repeat(seed));
        run_random_program(seed, totals);
        if (HasFailure()) {
            return;
        }
    }
    // What never happens is not tested.
    EXPECT_GT(totals.callbacks, 0U);
    EXPECT_GT(totals.refused_calls, 0U);
    EXPECT_GT(totals.withdrawn_calls, 0U);
    EXPECT_GT(totals.closes_outside, 0U);
    EXPECT_GT(totals.closes_inside, 0U);
    EXPECT_GT(totals.destroys_outside, 0U);
    EXPECT_GT(totals.destroys_inside, 0U);
    EXPECT_GT(totals.failed_opens, 0U);
    EXPECT_GT(totals.connects, 0U);
    EXPECT_GT(totals.failed_connects, 0U);
    EXPECT_GT(totals.closed_connects, 0U);
    EXPECT_GT(totals.connects_again, 0U);
    EXPECT_GT(totals.visits, 0U);
    EXPECT_GT(totals.frees_by_others_than_destroy, 0U);
}

} // namespace
