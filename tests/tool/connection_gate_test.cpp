// SPDX-License-Identifier: MIT

#include "connection_gate.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace {

using asock::connection_gate;
using asock::connections_for;
using namespace std::chrono_literals;

constexpr auto limit = std::chrono::minutes(1); // for what must come
constexpr auto moment = 20ms;                   // to see whether something comes that must not

TEST(connection_gate, lets_in_as_many_as_there_is_room_for)
{
    connection_gate gate(2);
    const auto first = gate.enter({});
    auto second = gate.enter({});
    ASSERT_TRUE(first && second);
    EXPECT_EQ(gate.taken(), 2U);

    std::promise<void> entered;
    std::thread third([&] {
        const auto place = gate.enter({});
        entered.set_value();
    });
    auto has_entered = entered.get_future();
    EXPECT_EQ(has_entered.wait_for(moment), std::future_status::timeout);
    second.reset();
    EXPECT_EQ(has_entered.wait_for(limit), std::future_status::ready);
    third.join();
    EXPECT_EQ(gate.taken(), 1U);
}

TEST(connection_gate, counts_a_place_that_is_handed_on_once)
{
    connection_gate gate(1);
    auto place = gate.enter({});
    ASSERT_TRUE(place);
    std::optional<connection_gate::place> moved(std::move(*place));
    place.reset();
    EXPECT_EQ(gate.taken(), 1U);
    moved.reset();
    EXPECT_EQ(gate.taken(), 0U);
}

TEST(connection_gate, lets_nobody_in_after_a_stop)
{
    connection_gate gate(1);
    std::stop_source stop;
    const auto place = gate.enter(stop.get_token());
    ASSERT_TRUE(place);
    auto waiting = std::async(std::launch::async, [&] { return gate.enter(stop.get_token()).has_value(); });
    EXPECT_EQ(waiting.wait_for(moment), std::future_status::timeout);
    stop.request_stop();
    ASSERT_EQ(waiting.wait_for(limit), std::future_status::ready);
    EXPECT_FALSE(waiting.get());

    connection_gate empty(1);
    EXPECT_FALSE(empty.enter(stop.get_token()).has_value());
    EXPECT_EQ(empty.taken(), 0U);
}

TEST(connection_gate, says_when_everybody_has_left)
{
    connection_gate gate(2);
    EXPECT_TRUE(gate.wait_until_empty(0ms));
    auto place = gate.enter({});
    EXPECT_FALSE(gate.wait_until_empty(0ms));
    EXPECT_FALSE(gate.wait_until_empty(moment));
    auto waiting = std::async(std::launch::async, [&] { return gate.wait_until_empty(limit); });
    place.reset();
    EXPECT_TRUE(waiting.get());
}

TEST(connections_for, leaves_descriptors_for_the_rest_of_the_program)
{
    EXPECT_EQ(connections_for(1024), 462U);
    EXPECT_EQ(connections_for(60), 15U);
    EXPECT_EQ(connections_for(1), 1U);
    EXPECT_EQ(connections_for(1U << 20U), 32768U);
    EXPECT_EQ(connections_for(0), 32768U);
}

} // namespace
