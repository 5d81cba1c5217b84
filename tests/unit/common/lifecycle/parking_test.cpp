// SPDX-License-Identifier: MIT

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "common/lifecycle/parking.hpp"
#include "support/background.h"
#include "support/event.h"

namespace async_socket::detail {

namespace {

TEST(parking, does_not_sleep_where_it_is_done)
{
    const std::atomic<int> word{0};
    int looks = 0;
    park_until(&word, [&] { return ++looks == 1; });
    EXPECT_EQ(looks, 1);
}

TEST(parking, of_an_address_is_at_one_place)
{
    const std::array<std::atomic<std::uint64_t>, 2> words{};
    EXPECT_EQ(&parking_place_of(&words[0]), &parking_place_of(&words[0]));
}

// Sockets of one program lie a fixed distance apart, and must not all wait at the same few places.
TEST(parking, spreads_addresses_that_lie_evenly)
{
    const std::vector<unsigned char> memory(64 * 1024);
    for (const std::size_t distance : {16U, 64U, 256U, 512U}) {
        std::set<const parking_place*> places;
        for (std::size_t i = 0; i < 100; ++i) {
            places.insert(&parking_place_of(&memory[i * distance]));
        }
        EXPECT_GT(places.size(), 16U) << distance;
    }
}

TEST(parking, wakes_everyone_at_the_address)
{
    for (int round = 0; round < 100; ++round) {
        std::atomic<int> word{0};
        std::vector<std::unique_ptr<background>> sleepers;
        for (int i = 0; i < 3; ++i) {
            sleepers.push_back(std::make_unique<background>(
                "sleeper", [&] { park_until(&word, [&] { return word.load(std::memory_order_acquire) != 0; }); }));
        }
        word.store(1, std::memory_order_release);
        unpark(&word);
        for (const auto& sleeper : sleepers) {
            sleeper->finish();
        }
    }
}

// Two threads in turn, each asleep until the other has moved: one lost wake-up stops both.
TEST(parking, loses_no_wake_up)
{
    constexpr int turns = 20'000;
    std::atomic<int> word{0};
    const auto play = [&word](int parity) {
        for (int turn = parity; turn < turns; turn += 2) {
            park_until(&word, [&] { return word.load(std::memory_order_acquire) == turn; });
            word.store(turn + 1, std::memory_order_release);
            unpark(&word);
        }
    };
    background even("even", [&] { play(0); });
    background odd("odd", [&] { play(1); });
    even.finish();
    odd.finish();
    EXPECT_EQ(word, turns);
}

// Whoever makes the last change may be overtaken by the one who waited for it and frees the object.
TEST(parking, wakes_by_the_address_of_an_object_that_is_gone)
{
    for (int round = 0; round < 500; ++round) {
        auto word = std::make_unique<std::atomic<int>>(0);
        const void* const address = word.get();
        std::atomic<int>& changed = *word;
        background owner("owner", [&] {
            park_until(address, [&] { return word->load(std::memory_order_acquire) != 0; });
            word.reset();
        });
        changed.store(1, std::memory_order_release);
        unpark(address);
        owner.finish();
    }
}

} // namespace

} // namespace async_socket::detail
