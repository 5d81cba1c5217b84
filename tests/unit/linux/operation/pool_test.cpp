// SPDX-License-Identifier: MIT
//
// Where the records of operations come from and go to.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "linux/operation/pool.hpp"
#include "linux_faults/faults.h"
#include "linux_support/engines.h"

namespace linux_tests {
namespace {

using async_socket::detail::inbox;
using async_socket::detail::operation;
using async_socket::detail::operation_pool;
using async_socket::detail::work_item;
using linux_faults::api;

// The records at hand of a thread go when it ends: each test has a thread of its own, and leaves nothing.
class operation_pool_tests : public ::testing::Test {
protected:
    template <typename Function>
    static void in_own_thread(Function function)
    {
        std::thread thread(function);
        thread.join();
    }

    void SetUp() override { live_before_ = linux_faults::live_allocations(); }
    void TearDown() override
    {
        linux_faults::reset();
        EXPECT_EQ(linux_faults::live_allocations(), live_before_);
    }

private:
    linux_faults::clean_scope clean_;
    std::size_t live_before_ = 0;
};

void fill_to_the_brim(operation& record, std::uint32_t buffer_count)
{
    for (std::uint32_t i = 0; i != buffer_count; ++i) {
        record.buffers()[i] = {&record, i};
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_028
TEST_F(operation_pool_tests, gives_a_record_again_that_was_given_back)
{
    in_own_thread([] {
        operation_pool pool;
        linux_faults::reset();
        operation* const first = pool.take(1);
        ASSERT_NE(first, nullptr);
        operation* const second = pool.take(1);
        ASSERT_NE(second, nullptr);
        EXPECT_NE(first, second);
        EXPECT_EQ(linux_faults::calls(api::operator_new), 2u);
        pool.give_back(first);
        EXPECT_EQ(pool.take(2), first) << "and it is given room for another buffer";
        const std::size_t allocated = linux_faults::calls(api::operator_new);
        EXPECT_EQ(allocated, 3u);
        for (int i = 0; i != 1000; ++i) {
            pool.give_back(first);
            EXPECT_EQ(pool.take(2), first);
        }
        pool.give_back(first);
        pool.give_back(second);
        EXPECT_EQ(linux_faults::calls(api::operator_new), allocated);
    });
}

// SRS_ASYNC_SOCKET_LINUX_01_028
TEST_F(operation_pool_tests, gives_to_another_thread_what_the_worker_has_finished_with)
{
    in_own_thread([] {
        operation_pool pool;
        linux_faults::reset();
        std::set<operation*> known;
        std::vector<operation*> taken;
        for (int i = 0; i != 8; ++i) {
            taken.push_back(pool.take_elsewhere(1));
            ASSERT_NE(taken.back(), nullptr);
            known.insert(taken.back());
        }
        EXPECT_EQ(known.size(), 8u);
        for (int round = 0; round != 100; ++round) {
            for (operation* const each : taken) {
                pool.give_back(each);
            }
            taken.clear();
            for (int i = 0; i != 8; ++i) {
                taken.push_back(pool.take_elsewhere(1));
                EXPECT_EQ(known.count(taken.back()), 1u);
            }
            EXPECT_EQ(std::set<operation*>(taken.begin(), taken.end()).size(), 8u) << "one was given twice";
        }
        for (operation* const each : taken) {
            pool.give_back(each);
        }
        EXPECT_EQ(linux_faults::calls(api::operator_new), 8u);
    });
}

// SRS_ASYNC_SOCKET_LINUX_01_028
TEST_F(operation_pool_tests, makes_room_for_as_many_buffers_as_are_asked_for)
{
    in_own_thread([] {
        operation_pool pool;
        for (const std::uint32_t count : {1u, 2u, 3u, 2u, 1024u, 1u, 1025u, 5000u, 4u}) {
            for (const bool elsewhere : {false, true}) {
                operation* const record = elsewhere ? pool.take_elsewhere(count) : pool.take(count);
                ASSERT_NE(record, nullptr);
                ASSERT_GE(record->capacity(), count);
                fill_to_the_brim(*record, count);
                pool.give_back(record);
            }
        }
    });
}

// SRS_ASYNC_SOCKET_LINUX_01_028
TEST_F(operation_pool_tests, does_not_keep_the_memory_of_an_unusually_large_record)
{
    in_own_thread([] {
        operation_pool pool;
        operation* const record = pool.take(100000);
        ASSERT_NE(record, nullptr);
        pool.give_back(record);
        EXPECT_EQ(pool.take(1), record);
        EXPECT_LE(record->capacity(), 1024u);
        pool.give_back(record);
    });
}

// SRS_ASYNC_SOCKET_LINUX_01_028
TEST_F(operation_pool_tests, keeps_the_records_of_a_burst_within_a_bound)
{
    constexpr std::size_t burst = 100000;
    constexpr std::size_t bound = 40000;
    for (const bool elsewhere : {false, true}) {
        SCOPED_TRACE(elsewhere);
        in_own_thread([&] {
            operation_pool pool;
            std::vector<operation*> taken;
            for (std::size_t i = 0; i != burst; ++i) {
                taken.push_back(elsewhere ? pool.take_elsewhere(1) : pool.take(1));
                ASSERT_NE(taken.back(), nullptr);
            }
            for (operation* const each : taken) {
                pool.give_back(each);
            }
            EXPECT_LT(linux_faults::live_allocations(), bound);
        });
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_028
TEST_F(operation_pool_tests, gives_nothing_and_loses_nothing_where_there_is_no_memory)
{
    in_own_thread([] {
        operation_pool pool;
        for (const bool elsewhere : {false, true}) {
            const auto take = [&](std::uint32_t count) {
                return elsewhere ? pool.take_elsewhere(count) : pool.take(count);
            };
            // The record itself, then its buffers.
            for (std::size_t nth = 1; nth <= 2; ++nth) {
                linux_faults::fail_nth(api::operator_new, nth, ENOMEM);
                EXPECT_EQ(take(100), nullptr) << nth;
                EXPECT_EQ(linux_faults::failures(api::operator_new), 1u);
                linux_faults::reset();
            }
            operation* const record = take(1);
            ASSERT_NE(record, nullptr);
            pool.give_back(record);
            linux_faults::fail_nth(api::operator_new, 1, ENOMEM);
            EXPECT_EQ(take(100), nullptr) << "a record that is there, but has no room";
            linux_faults::reset();
            operation* const again = take(100);
            ASSERT_NE(again, nullptr);
            fill_to_the_brim(*again, 100);
            pool.give_back(again);
        }
    });
}

// One worker and threads that send it records through an inbox, as they do in the library. Who has a record writes all
// of it, so that ThreadSanitizer sees a record that two have at once.
// SRS_ASYNC_SOCKET_LINUX_01_028
TEST_F(operation_pool_tests, gives_each_record_to_one_at_a_time_under_threads)
{
    constexpr std::size_t threads = 4;
    constexpr std::size_t each = 10000;
    const auto seed = static_cast<std::uint32_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    linux_faults::reset();

    in_own_thread([&] {
        operation_pool pool;
        inbox box;
        std::atomic<std::size_t> in_flight{0};
        std::vector<std::thread> taking;
        for (std::size_t thread = 0; thread != threads; ++thread) {
            taking.emplace_back([&, thread] {
                std::minstd_rand random(seed + static_cast<std::uint32_t>(thread));
                for (std::size_t i = 0; i != each; ++i) {
                    while (in_flight.load(std::memory_order_relaxed) > 64) {
                        std::this_thread::yield();
                    }
                    in_flight.fetch_add(1, std::memory_order_relaxed);
                    const auto count = static_cast<std::uint32_t>(1 + random() % 6);
                    operation* const record = pool.take_elsewhere(count);
                    ASSERT_NE(record, nullptr);
                    fill_to_the_brim(*record, count);
                    record->buffer_count = count;
                    record->callback_context = record;
                    static_cast<void>(box.push(record));
                }
            });
        }
        std::minstd_rand random(seed);
        std::size_t finished = 0;
        std::vector<operation*> own;
        while (finished != threads * each) {
            work_item* item = box.take_all();
            while (item != nullptr) {
                auto* const record = static_cast<operation*>(item);
                item = item->next;
                ASSERT_EQ(record->callback_context, record);
                for (std::uint32_t i = 0; i != record->buffer_count; ++i) {
                    ASSERT_EQ(record->buffers()[i].iov_base, record);
                    ASSERT_EQ(record->buffers()[i].iov_len, i);
                }
                record->callback_context = nullptr;
                pool.give_back(record);
                in_flight.fetch_sub(1, std::memory_order_relaxed);
                ++finished;
                // The worker's own come from the same pool.
                if (random() % 4 == 0) {
                    own.push_back(pool.take(2));
                    ASSERT_NE(own.back(), nullptr);
                    fill_to_the_brim(*own.back(), 2);
                }
                if (own.size() > 16) {
                    for (operation* const one : own) {
                        ASSERT_EQ(one->buffers()[1].iov_base, one);
                        pool.give_back(one);
                    }
                    own.clear();
                }
            }
        }
        for (operation* const one : own) {
            pool.give_back(one);
        }
        for (std::thread& one : taking) {
            one.join();
        }
        EXPECT_LT(linux_faults::calls(api::operator_new), 2 * threads * each) << "they are not reused";
    });
}

// Takes a record when the thread ends, after what the pool keeps for the thread has gone, and gives it back.
struct late_user {
    operation_pool* pool = nullptr;
    std::size_t* allocated = nullptr;

    ~late_user()
    {
        const std::size_t before = linux_faults::calls(api::operator_new);
        operation* const taken = pool->take_elsewhere(1);
        *allocated = linux_faults::calls(api::operator_new) - before;
        pool->give_back(taken);
    }
};

// SRS_ASYNC_SOCKET_LINUX_01_050
TEST_F(operation_pool_tests, gives_records_to_a_thread_that_has_ended_but_for_its_last_objects)
{
    operation_pool pool;
    std::size_t allocated = 0;
    in_own_thread([&] {
        // Made before what the pool keeps, and so destroyed after it.
        static thread_local late_user late;
        late = {&pool, &allocated};
        operation* const first = pool.take_elsewhere(1);
        operation* const second = pool.take_elsewhere(1);
        pool.give_back(first);
        pool.give_back(second);
        // Takes both over, and has one at hand.
        pool.give_back(pool.take_elsewhere(1));
    });
    EXPECT_EQ(allocated, 1U) << "the one at hand is gone";
}

// Whatever they were used for: many small ones, or few with much room.
// SRS_ASYNC_SOCKET_LINUX_01_037
TEST_F(operation_pool_tests, keeps_no_more_memory_than_it_may_after_a_burst)
{
    for (const std::uint32_t buffers : {1u, 1024u}) {
        SCOPED_TRACE(buffers);
        in_own_thread([buffers] {
            operation_pool pool;
            std::vector<operation*> all;
            for (std::size_t i = 0; i != 40'000 / buffers + 1000; ++i) {
                all.push_back(pool.take(buffers, true));
            }
            for (operation* const each : all) {
                pool.give_back(each);
            }
            const std::size_t bytes_of_one = sizeof(operation) + (buffers == 1 ? 0 : buffers * sizeof(iovec));
            // Of each record that is kept there are the record, its extra, and its buffers.
            const std::size_t pieces_of_one = buffers == 1 ? 2 : 3;
            EXPECT_LE(linux_faults::live_allocations() / pieces_of_one,
                      operation_pool::kept_bytes_at_most / bytes_of_one + 1);
        });
    }
}

} // namespace
} // namespace linux_tests
