// SPDX-License-Identifier: MIT

#include "relay/counters.hpp"

#include <gtest/gtest.h>

namespace {

using namespace asock;

constexpr std::uint64_t mib = std::uint64_t{1} << 20U;

TEST(relay_line, tells_rates_of_what_changed)
{
    relay_figures before;
    before.bytes_to_target = 10 * mib;
    before.bytes_to_client = 5 * mib;
    relay_figures now;
    now.connections = 12;
    now.open = 3;
    now.bytes_to_target = 13 * mib;
    now.bytes_to_client = 45 * mib;
    now.errors = 1;
    EXPECT_EQ(relay_line(before, now, 2),
              "3 of 12 connections open, 1.5 MiB/s to the target, 20.0 MiB/s back, 1 error");
}

TEST(relay_summary, tells_what_is_special_only_if_there_is_any)
{
    relay_figures figures;
    figures.connections = 1;
    figures.bytes_to_target = 3 * mib;
    EXPECT_EQ(relay_summary(figures), "relayed 1 connection, 3.0 MiB to the target, 0 B back, 0 errors");
    figures.idle = 2;
    figures.interrupted = 3;
    EXPECT_EQ(relay_summary(figures), "relayed 1 connection, 3.0 MiB to the target, 0 B back, 0 errors, "
                                      "2 closed when idle, 3 cut off at the end");
}

TEST(relay_counters, counts_connections_by_how_they_ended)
{
    relay_counters counters;
    for (const relay_ending how : {relay_ending::in_order, relay_ending::error, relay_ending::idle, relay_ending::idle,
                                   relay_ending::interrupted}) {
        counters.opened();
        counters.opened();
        counters.ended(how);
    }
    counters.to_target().add(7);
    counters.to_client().add(8);
    counters.to_client().add(8);
    const relay_figures figures = counters.figures();
    EXPECT_EQ(figures.connections, 10U);
    EXPECT_EQ(figures.open, 5U);
    EXPECT_EQ(figures.errors, 1U);
    EXPECT_EQ(figures.idle, 2U);
    EXPECT_EQ(figures.interrupted, 1U);
    EXPECT_EQ(figures.bytes_to_target, 7U);
    EXPECT_EQ(figures.bytes_to_client, 16U);
}

} // namespace
