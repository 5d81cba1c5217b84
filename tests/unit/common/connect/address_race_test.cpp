// SPDX-License-Identifier: MIT

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "common/connect/address_race.hpp"

namespace async_socket::detail {

namespace {

constexpr time_point_ns start = 1'000'000'000'000;
constexpr time_point_ns ms = 1'000'000;

TEST(address_race, without_addresses_is_lost_at_once)
{
    const address_race none;
    EXPECT_TRUE(none.is_lost());
    EXPECT_FALSE(none.may_start(start));
    EXPECT_EQ(none.next_start(), never);
    EXPECT_TRUE(address_race(0).is_lost());
}

TEST(address_race, begins_at_once)
{
    const address_race race(1);
    EXPECT_FALSE(race.is_lost());
    EXPECT_TRUE(race.may_start(start));
    EXPECT_LE(race.next_start(), start);
}

// SRS_ASYNC_CONNECT_01_009
TEST(address_race, starts_a_further_attempt_each_250_ms)
{
    address_race race(3);
    EXPECT_EQ(race.start(start), 0U);
    EXPECT_EQ(race.next_start(), start + 250 * ms);
    EXPECT_FALSE(race.may_start(start + 250 * ms - 1));
    EXPECT_TRUE(race.may_start(start + 250 * ms));
    EXPECT_EQ(race.start(start + 260 * ms), 1U);
    EXPECT_EQ(race.next_start(), start + 510 * ms);
    EXPECT_EQ(race.start(start + 510 * ms), 2U);
    EXPECT_EQ(race.next_start(), never);
    EXPECT_FALSE(race.may_start(start + 100'000 * ms));
    EXPECT_FALSE(race.is_lost());
}

// SRS_ASYNC_CONNECT_01_009
TEST(address_race, starts_a_further_attempt_at_once_when_one_fails)
{
    address_race race(3);
    race.start(start);
    race.failed();
    EXPECT_TRUE(race.may_start(start));
    EXPECT_FALSE(race.is_lost());
    race.start(start + ms);
    EXPECT_FALSE(race.may_start(start + 2 * ms));
    EXPECT_EQ(race.next_start(), start + 251 * ms);
    race.start(start + 251 * ms);
    race.failed(); // one of two that run
    EXPECT_FALSE(race.may_start(start + 1000 * ms));
    EXPECT_FALSE(race.is_lost());
    race.failed();
    EXPECT_TRUE(race.is_lost());
}

// SRS_ASYNC_CONNECT_01_009: the failure of an older attempt counts, too.
TEST(address_race, starts_one_attempt_for_a_failure_while_others_run)
{
    address_race race(4);
    race.start(start);
    race.start(start + 250 * ms);
    race.failed();
    EXPECT_TRUE(race.may_start(start + 251 * ms));
    EXPECT_EQ(race.start(start + 251 * ms), 2U);
    EXPECT_FALSE(race.may_start(start + 252 * ms));
    EXPECT_EQ(race.next_start(), start + 501 * ms);
}

TEST(address_race, is_lost_when_the_last_of_all_has_failed)
{
    for (const std::uint32_t count : {1U, 2U, 7U}) {
        address_race race(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            EXPECT_FALSE(race.is_lost());
            ASSERT_TRUE(race.may_start(start));
            EXPECT_EQ(race.start(start), i);
            EXPECT_FALSE(race.is_lost());
            race.failed();
        }
        EXPECT_TRUE(race.is_lost());
        EXPECT_FALSE(race.may_start(start));
    }
}

// The addresses in their new order; each is the letter of its family and its number in the old order.
std::string turns(const std::string& families)
{
    std::string order;
    take_turns(
        static_cast<std::uint32_t>(families.size()), [&](std::uint32_t index) { return families[index]; },
        [&](std::uint32_t index) {
            order += families[index];
            order += std::to_string(index);
        });
    return order;
}

// SRS_ASYNC_CONNECT_01_008
TEST(take_turns, takes_the_families_by_turns_beginning_with_the_one_that_the_system_prefers)
{
    EXPECT_EQ(turns("6644"), "60426143");
    EXPECT_EQ(turns("4466"), "40624163");
    EXPECT_EQ(turns("6464"), "60416243");
    EXPECT_EQ(turns("66664"), "6044616263");
    EXPECT_EQ(turns("64444"), "6041424344");
    EXPECT_EQ(turns("46"), "4061");
}

// SRS_ASYNC_CONNECT_01_008
TEST(take_turns, keeps_the_order_of_the_system_within_a_family)
{
    EXPECT_EQ(turns("666"), "606162");
    EXPECT_EQ(turns("4"), "40");
    EXPECT_EQ(turns("466446"), "406143624465");
}

TEST(take_turns, of_nothing_takes_nothing)
{
    EXPECT_EQ(turns(""), "");
}

// SRS_ASYNC_CONNECT_01_008: every address once, in every mixture of eight.
TEST(take_turns, takes_every_address_once)
{
    for (unsigned mixture = 0; mixture < 256; ++mixture) {
        std::uint32_t taken = 0;
        std::uint32_t last_of[2] = {0, 0};
        unsigned turn = 0;
        unsigned longest_in_a_row[2] = {0, 0};
        int previous = -1;
        take_turns(
            8, [&](std::uint32_t index) { return (mixture >> index) & 1U; },
            [&](std::uint32_t index) {
                const unsigned family = (mixture >> index) & 1U;
                EXPECT_EQ(taken & (1U << index), 0U);
                EXPECT_GE(index + 1, last_of[family]);
                last_of[family] = index + 1;
                taken |= 1U << index;
                longest_in_a_row[family] = previous == static_cast<int>(family) ? longest_in_a_row[family] + 1 : 1;
                previous = static_cast<int>(family);
                if (longest_in_a_row[family] > 1) {
                    // Only where the other family is exhausted.
                    for (std::uint32_t rest = 0; rest < 8; ++rest) {
                        EXPECT_TRUE((taken >> rest & 1U) != 0 || ((mixture >> rest) & 1U) == family);
                    }
                }
                if (turn++ == 0) {
                    EXPECT_EQ(family, mixture & 1U);
                }
            });
        EXPECT_EQ(taken, 0xFFU);
    }
}

} // namespace

} // namespace async_socket::detail
