// SPDX-License-Identifier: MIT

#include "platform/tcp_progress.hpp"

#include <gtest/gtest.h>

namespace {

using asock::progress_by_counts;
using asock::tcp_progress;

TEST(tcp_progress, counts_what_the_system_has_not_sent_yet)
{
    // 1000 were handed over; 600 have left, 100 of them are not acknowledged.
    const tcp_progress progress = progress_by_counts(1000, 600, 100);
    EXPECT_EQ(progress.acknowledged, 500u);
    EXPECT_EQ(progress.on_the_way, 500u);
    EXPECT_FALSE(progress.is_broken);
}

TEST(tcp_progress, is_at_its_end_when_all_is_acknowledged)
{
    EXPECT_EQ(progress_by_counts(1000, 1000, 0).on_the_way, 0u);
    // Some of it was sent twice.
    EXPECT_EQ(progress_by_counts(1000, 1200, 0).on_the_way, 0u);
    EXPECT_EQ(progress_by_counts(1000, 1200, 50).on_the_way, 50u);
    // A send that has not ended is not counted as handed over.
    EXPECT_EQ(progress_by_counts(0, 300, 300).on_the_way, 300u);
}

} // namespace
