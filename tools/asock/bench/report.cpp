// SPDX-License-Identifier: MIT

#include "bench/report.hpp"

#include "terminal/format.hpp"

namespace asock {

namespace {

struct rates {
    double messages;
    double mebibytes;
};

rates rates_of(const bench_result& result, std::uint64_t messages)
{
    return {result.seconds > 0 ? static_cast<double>(messages) / result.seconds : 0,
            mebibytes_per_second(messages * result.message_size, result.seconds)};
}

std::string microseconds(std::uint64_t nanoseconds)
{
    return format_fixed(static_cast<double>(nanoseconds) / 1000, 3);
}

std::string asked_for(const bench_result& result)
{
    if (!result.rate) {
        return {};
    }
    return "asked for   " + format_fixed(*result.rate, 0) + " messages/s, " + std::to_string(result.unsent) +
           " were due and not sent\n";
}

} // namespace

std::string bench_text(const bench_result& result, const histogram& latencies)
{
    const std::uint64_t messages = latencies.count() - result.unsent;
    const rates rate = rates_of(result, messages);
    return result.server.to_string() + ", " + std::to_string(result.connections) +
           (result.connections == 1 ? " connection, " : " connections, ") + format_bytes(result.message_size) +
           " a message, " + format_fixed(result.seconds, 2) + " s\n" +               //
           "messages    " + std::to_string(messages) + ", all as they were sent\n" + //
           "rate        " + format_fixed(rate.messages, 0) + " messages/s, " + format_fixed(rate.mebibytes, 1) +
           " MiB/s each way\n" + asked_for(result) + //
           "latency     mean   " + format_latency(static_cast<std::uint64_t>(latencies.mean())) + "\n" +
           "            p50    " + format_latency(latencies.percentile(0.5)) + "\n" + //
           "            p99    " + format_latency(latencies.percentile(0.99)) + "\n" + "            p99.9  " +
           format_latency(latencies.percentile(0.999)) + "\n" + "            max    " +
           format_latency(latencies.max()) + "\n";
}

// Nothing here needs escaping: an endpoint holds only letters, digits and a few signs.
std::string bench_json(const bench_result& result, const histogram& latencies)
{
    const std::uint64_t messages = latencies.count() - result.unsent;
    const rates rate = rates_of(result, messages);
    return "{\"server\": \"" + result.server.to_string() +
           "\", \"connections\": " + std::to_string(result.connections) +
           ", \"message_size\": " + std::to_string(result.message_size) +
           ", \"seconds\": " + format_fixed(result.seconds, 6) + ", \"messages\": " + std::to_string(messages) +
           ", \"messages_per_second\": " + format_fixed(rate.messages, 3) +
           ", \"mib_per_second\": " + format_fixed(rate.mebibytes, 3) +
           ", \"rate\": " + (result.rate ? format_fixed(*result.rate, 3) : "null") +
           ", \"unsent\": " + std::to_string(result.unsent) +
           ", \"latency_us\": {\"mean\": " + format_fixed(latencies.mean() / 1000, 3) +
           ", \"p50\": " + microseconds(latencies.percentile(0.5)) +
           ", \"p99\": " + microseconds(latencies.percentile(0.99)) +
           ", \"p99_9\": " + microseconds(latencies.percentile(0.999)) + ", \"max\": " + microseconds(latencies.max()) +
           "}}\n";
}

} // namespace asock
