// SPDX-License-Identifier: MIT

#include <algorithm>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "common/operation/operation_id.hpp"
#include "support/background.h"

namespace async_socket::detail {

namespace {

// SRS_ASYNC_SOCKET_EX_01_003: never used twice.
TEST(operation_id, is_never_given_twice_to_any_thread)
{
    constexpr std::size_t threads = 4;
    constexpr std::size_t each = 20'000; // several blocks
    std::vector<std::vector<ASYNC_OPERATION_ID>> taken(threads);
    for (int round = 0; round < 2; ++round) { // the second round's threads are new ones
        std::vector<std::unique_ptr<background>> running;
        for (std::size_t i = 0; i < threads; ++i) {
            running.push_back(std::make_unique<background>("taker", [&ids = taken[i]] {
                for (std::size_t number = 0; number < each; ++number) {
                    ids.push_back(next_operation_id(number % 3));
                }
            }));
        }
    }
    std::vector<ASYNC_OPERATION_ID> all;
    for (const auto& ids : taken) {
        all.insert(all.end(), ids.begin(), ids.end());
    }
    EXPECT_EQ(all.size(), 2 * threads * each);
    for (ASYNC_OPERATION_ID& id : all) {
        id >>= operation_place_bits; // different in more than the place
    }
    std::sort(all.begin(), all.end());
    EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
    EXPECT_NE(all.front(), 0U);
}

TEST(operation_id, is_never_0)
{
    for (int i = 0; i < 10'000; ++i) {
        ASSERT_NE(next_operation_id(0), 0U);
    }
}

TEST(operation_id, tells_where_the_operation_is)
{
    for (const std::uint64_t place : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{513}, operation_place_mask}) {
        EXPECT_EQ(operation_place(next_operation_id(place)), place);
    }
}

TEST(operation_id, a_place_too_large_does_not_spill_into_the_number)
{
    const ASYNC_OPERATION_ID first = next_operation_id(operation_place_mask + 1);
    const ASYNC_OPERATION_ID second = next_operation_id(0);
    EXPECT_NE(first >> operation_place_bits, second >> operation_place_bits);
    EXPECT_EQ(operation_place(first), 0U);
}

} // namespace

} // namespace async_socket::detail
