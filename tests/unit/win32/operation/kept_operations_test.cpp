// SPDX-License-Identifier: MIT

#include "win32/operation/kept_operations.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

namespace {

using async_socket::detail::io_operation;
using async_socket::detail::kept_operations;

constexpr std::size_t kept_at_most = EXECUTION_ENGINE_WIN32_KEPT_OPERATIONS;

// What stands for an operation: only its address is looked at.
struct context {
    std::atomic<bool> is_taken{false};
    std::uint64_t uses = 0; // of whoever has it

    io_operation* address() { return reinterpret_cast<io_operation*>(this); }
    static context& of(io_operation* address) { return *reinterpret_cast<context*>(address); }
};

// SRS_EXECUTION_ENGINE_WIN32_01_008
TEST(kept_operations_test, what_was_given_is_taken_once)
{
    kept_operations kept;
    EXPECT_EQ(kept.take(), nullptr);
    context one;
    context other;
    EXPECT_TRUE(kept.give(one.address()));
    EXPECT_TRUE(kept.give(other.address()));
    io_operation* const first = kept.take();
    io_operation* const second = kept.take();
    EXPECT_TRUE(first == one.address() || first == other.address());
    EXPECT_TRUE(second == one.address() || second == other.address());
    EXPECT_NE(first, second);
    EXPECT_EQ(kept.take(), nullptr);
}

// SRS_EXECUTION_ENGINE_WIN32_01_008
TEST(kept_operations_test, there_is_room_for_so_many)
{
    kept_operations kept;
    std::array<context, kept_at_most + 1> contexts;
    for (std::size_t i = 0; i != kept_at_most; i++) {
        EXPECT_TRUE(kept.give(contexts[i].address()));
    }
    EXPECT_FALSE(kept.give(contexts[kept_at_most].address()));
    EXPECT_NE(kept.take(), nullptr);
    EXPECT_TRUE(kept.give(contexts[kept_at_most].address()));
    EXPECT_FALSE(kept.give(contexts[0].address()));
}

// SRS_EXECUTION_ENGINE_WIN32_01_010. What its holder does with a context is seen by the next one; ThreadSanitizer
// watches.
TEST(kept_operations_test, threads_never_have_the_same_one)
{
    constexpr std::size_t thread_count = 4;
    constexpr int rounds = 20'000;
    kept_operations kept;
    std::array<context, thread_count + 2> contexts;
    for (context& one : contexts) {
        ASSERT_TRUE(kept.give(one.address()));
    }
    std::atomic<std::uint64_t> uses{0};
    std::atomic<int> taken_twice{0};
    std::atomic<int> without_room{0};
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i != thread_count; i++) {
        threads.emplace_back([&] {
            for (int round = 0; round != rounds; round++) {
                io_operation* const taken = kept.take();
                // Whoever looks while others give and take may miss what there is.
                if (taken == nullptr) {
                    continue;
                }
                context& mine = context::of(taken);
                taken_twice += mine.is_taken.exchange(true, std::memory_order_relaxed) ? 1 : 0;
                mine.uses++;
                uses++;
                mine.is_taken.store(false, std::memory_order_relaxed);
                without_room += kept.give(taken) ? 0 : 1;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(taken_twice, 0);
    EXPECT_EQ(without_room, 0);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i != contexts.size(); i++) {
        io_operation* const left = kept.take();
        ASSERT_NE(left, nullptr);
        seen += context::of(left).uses;
    }
    EXPECT_EQ(kept.take(), nullptr);
    EXPECT_EQ(seen, uses);
    EXPECT_NE(seen, 0u);
}

} // namespace
