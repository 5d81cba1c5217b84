// SPDX-License-Identifier: MIT

#include "bench/histogram.hpp"
#include "bench/report.hpp"
#include "bench/schedule.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

using asock::histogram;

std::unique_ptr<histogram> with_values(std::uint64_t first, std::uint64_t last)
{
    auto made = std::make_unique<histogram>();
    for (std::uint64_t value = first; value <= last; ++value) {
        made->record(value);
    }
    return made;
}

TEST(histogram, empty_has_no_values)
{
    const histogram empty;
    EXPECT_EQ(empty.count(), 0U);
    EXPECT_EQ(empty.max(), 0U);
    EXPECT_EQ(empty.percentile(0.5), 0U);
}

TEST(histogram, small_values_are_exact)
{
    const auto values = with_values(1, 100);
    EXPECT_EQ(values->count(), 100U);
    EXPECT_EQ(values->percentile(0), 1U);
    EXPECT_EQ(values->percentile(0.5), 50U);
    EXPECT_EQ(values->percentile(0.99), 99U);
    EXPECT_EQ(values->percentile(1), 100U);
    EXPECT_EQ(values->max(), 100U);
}

TEST(histogram, every_bucket_begins_where_the_one_before_ends)
{
    const std::size_t last = histogram::bucket_of(histogram::largest_value);
    for (std::size_t bucket = 0; bucket < last; ++bucket) {
        const std::uint64_t highest = histogram::highest_value_of(bucket);
        ASSERT_EQ(histogram::bucket_of(highest), bucket);
        ASSERT_EQ(histogram::bucket_of(highest + 1), bucket + 1);
    }
    EXPECT_EQ(histogram::highest_value_of(last), histogram::largest_value);
}

TEST(histogram, no_bucket_is_wider_than_a_128th_of_its_values)
{
    std::mt19937_64 random(1);
    for (int trial = 0; trial < 100'000; ++trial) {
        const std::uint64_t value = random() >> (random() % 64);
        const std::uint64_t bounded = std::min(value, histogram::largest_value);
        const std::uint64_t reported = histogram::highest_value_of(histogram::bucket_of(value));
        ASSERT_GE(reported, bounded);
        ASSERT_LE(reported - bounded, bounded / 128);
    }
}

TEST(histogram, percentiles_agree_with_the_sorted_values)
{
    std::mt19937_64 random(2);
    std::lognormal_distribution<double> latency(10, 2);
    histogram recorded;
    std::vector<std::uint64_t> sorted;
    for (int message = 0; message < 100'000; ++message) {
        const auto value = static_cast<std::uint64_t>(latency(random));
        recorded.record(value);
        sorted.push_back(value);
    }
    std::sort(sorted.begin(), sorted.end());
    for (const std::size_t per_mille : {1U, 500U, 900U, 990U, 999U, 1000U}) {
        const std::uint64_t exact = sorted.at(per_mille * 100 - 1);
        const std::uint64_t reported = recorded.percentile(static_cast<double>(per_mille) / 1000);
        EXPECT_GE(reported, exact) << per_mille;
        EXPECT_LE(reported, exact + exact / 128 + 1) << per_mille;
    }
    EXPECT_EQ(recorded.max(), sorted.back());
}

TEST(histogram, values_too_large_count_as_the_largest_and_max_stays_exact)
{
    histogram recorded;
    recorded.record(UINT64_MAX);
    recorded.record(1);
    EXPECT_EQ(recorded.count(), 2U);
    EXPECT_EQ(recorded.max(), UINT64_MAX);
    EXPECT_EQ(recorded.percentile(1), histogram::largest_value);
}

TEST(histogram, nothing_reported_exceeds_the_maximum)
{
    histogram recorded;
    recorded.record(1'000'001);
    EXPECT_EQ(recorded.percentile(0.5), 1'000'001U);
}

TEST(histogram, the_mean_is_exact)
{
    EXPECT_EQ(histogram().mean(), 0);
    EXPECT_EQ(with_values(1'000'001, 1'000'004)->mean(), 1'000'002.5);
}

TEST(bench_schedule, messages_are_due_at_equal_distances)
{
    using namespace std::chrono_literals;
    const asock::schedule::clock::time_point begin{1000s};
    const asock::schedule times(begin, 200);
    EXPECT_EQ(times.time_of(0), begin);
    EXPECT_EQ(times.time_of(300), begin + 1500ms);
    EXPECT_EQ(times.due_before(begin - 1s), 0U);
    EXPECT_EQ(times.due_before(begin), 0U);
    EXPECT_EQ(times.due_before(begin + 1ms), 1U);
    EXPECT_EQ(times.due_before(begin + 2s), 400U);
}

TEST(bench_report, what_was_asked_for_and_not_sent_is_told)
{
    const auto latencies = with_values(1000, 1002);
    asock::bench_result result{{"::1", 4000}, 2, 1024, 0.5};
    result.rate = 6;
    result.unsent = 1;
    const std::string text = asock::bench_text(result, *latencies);
    EXPECT_NE(text.find("messages    2, all as they were sent\n"), std::string::npos) << text;
    EXPECT_NE(text.find("asked for   6 messages/s, 1 were due and not sent\n"), std::string::npos) << text;
    EXPECT_NE(asock::bench_json(result, *latencies).find("\"messages\": 2, "), std::string::npos);
    EXPECT_NE(asock::bench_json(result, *latencies).find("\"rate\": 6.000, \"unsent\": 1, "), std::string::npos);
}

TEST(histogram, threads_may_record_at_the_same_time)
{
    constexpr std::uint64_t each = 50'000;
    histogram recorded;
    std::vector<std::jthread> threads;
    for (std::uint64_t number = 1; number <= 4; ++number) {
        threads.emplace_back([&recorded, number] {
            for (std::uint64_t value = 0; value < each; ++value) {
                recorded.record(value * number);
            }
        });
    }
    threads.clear();
    EXPECT_EQ(recorded.count(), 4 * each);
    EXPECT_EQ(recorded.max(), 4 * (each - 1));
}

TEST(bench_report, text_and_json_tell_the_same)
{
    const auto latencies = with_values(1000, 1000);
    latencies->record(2'000'000);
    const asock::bench_result result{{"::1", 4000}, 2, 1U << 20U, 0.5};
    EXPECT_EQ(asock::bench_text(result, *latencies), "[::1]:4000, 2 connections, 1.0 MiB a message, 0.50 s\n"
                                                     "messages    2, all as they were sent\n"
                                                     "rate        4 messages/s, 4.0 MiB/s each way\n"
                                                     "latency     mean   1.00 ms\n"
                                                     "            p50    1.0 us\n"
                                                     "            p99    2.00 ms\n"
                                                     "            p99.9  2.00 ms\n"
                                                     "            max    2.00 ms\n");
    EXPECT_EQ(asock::bench_json(result, *latencies),
              "{\"server\": \"[::1]:4000\", \"connections\": 2, \"message_size\": 1048576, \"seconds\": 0.500000, "
              "\"messages\": 2, \"messages_per_second\": 4.000, \"mib_per_second\": 4.000, \"rate\": null, "
              "\"unsent\": 0, \"latency_us\": {\"mean\": 1000.500, \"p50\": 1.003, \"p99\": 2000.000, \"p99_9\": "
              "2000.000, \"max\": 2000.000}}\n");
}

} // namespace
