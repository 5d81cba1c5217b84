// SPDX-License-Identifier: MIT

#include "terminal/format.hpp"
#include "terminal/progress.hpp"
#include "transfer/summary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>

namespace {

using namespace asock;

constexpr std::uint64_t one_mib = std::uint64_t{1} << 20U;

TEST(format, bytes_change_their_unit_before_they_need_four_digits)
{
    EXPECT_EQ(format_bytes(0), "0 B");
    EXPECT_EQ(format_bytes(1023), "1023 B");
    EXPECT_EQ(format_bytes(1024), "1.0 KiB");
    EXPECT_EQ(format_bytes(1536), "1.5 KiB");
    EXPECT_EQ(format_bytes(one_mib - 1), "1.0 MiB");
    EXPECT_EQ(format_bytes(300 * one_mib), "300.0 MiB");
    EXPECT_EQ(format_bytes(10 * 1024 * one_mib), "10.0 GiB");
    EXPECT_EQ(format_bytes(UINT64_MAX), "16.0 EiB");
}

TEST(format, a_rate_needs_time_to_have_passed)
{
    EXPECT_EQ(format_rate(300 * one_mib, 2), "150.0 MiB/s");
    EXPECT_EQ(format_rate(300 * one_mib, 0), "-");
    EXPECT_EQ(mebibytes_per_second(300 * one_mib, 0), 0);
}

TEST(format, clock_shows_hours_only_where_there_are_some)
{
    EXPECT_EQ(format_clock(0), "0:00");
    EXPECT_EQ(format_clock(7.4), "0:07");
    EXPECT_EQ(format_clock(59.6), "1:00");
    EXPECT_EQ(format_clock(3723), "1:02:03");
    EXPECT_EQ(format_clock(1e300), "99:59:59");
    EXPECT_EQ(format_clock(std::nan("")), "99:59:59");
    EXPECT_EQ(format_clock(-1), "99:59:59");
}

TEST(format, latency_picks_the_unit)
{
    EXPECT_EQ(format_latency(999), "999 ns");
    EXPECT_EQ(format_latency(1000), "1.0 us");
    EXPECT_EQ(format_latency(12'345), "12.3 us");
    EXPECT_EQ(format_latency(999'960), "1.00 ms");
    EXPECT_EQ(format_latency(4'560'000), "4.56 ms");
    EXPECT_EQ(format_latency(1'200'000'000), "1.20 s");
}

TEST(progress_line, shows_share_amount_rate_and_what_is_left)
{
    EXPECT_EQ(progress_line({150 * one_mib, 300 * one_mib, 1.0}),
              "[============>           ]  50%  150.0 MiB of 300.0 MiB  150.0 MiB/s  0:01 left");
}

TEST(progress_line, leaves_the_bar_out_where_there_is_no_room)
{
    const progress_state half{150 * one_mib, 300 * one_mib, 1.0};
    const std::string whole = progress_line(half);
    EXPECT_EQ(progress_line(half, whole.size()), whole);
    EXPECT_EQ(progress_line(half, whole.size() - 1), " 50%  150.0 MiB of 300.0 MiB  150.0 MiB/s  0:01 left");
}

TEST(progress_line, is_full_only_at_the_end)
{
    EXPECT_EQ(progress_line({300 * one_mib, 300 * one_mib, 2.0}),
              "[========================] 100%  300.0 MiB of 300.0 MiB  150.0 MiB/s");
    EXPECT_NE(progress_line({300 * one_mib - 1, 300 * one_mib, 2.0}).find(" 99%"), std::string::npos);
}

TEST(progress_line, does_without_a_total)
{
    EXPECT_EQ(progress_line({150 * one_mib, std::nullopt, 3.0}), "150.0 MiB  50.0 MiB/s  0:03");
}

TEST(progress_line, stands_more_than_the_total_and_an_empty_one)
{
    EXPECT_EQ(progress_line({2 * one_mib, one_mib, 1.0}),
              "[========================] 100%  2.0 MiB of 2.0 MiB  2.0 MiB/s");
    EXPECT_EQ(progress_line({0, 0, 0.0}), "[========================] 100%  0 B of 0 B  -");
}

TEST(progress_style, asks_who_is_looking)
{
    using style = progress::style;
    EXPECT_EQ(progress::choose(false, false, true), style::bar);
    EXPECT_EQ(progress::choose(false, false, false), style::none);
    EXPECT_EQ(progress::choose(true, false, false), style::lines);
    EXPECT_EQ(progress::choose(false, true, true), style::none);
}

TEST(transfer_summary, prints_bytes_seconds_rate_and_sum)
{
    EXPECT_EQ(transfer_summary("sent", {3 * one_mib, sha256().finish()}, 1.5, "some file"),
              "sent 3145728 bytes in 1.50 s, 2.0 MiB/s\n"
              "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  some file\n");
}

} // namespace
