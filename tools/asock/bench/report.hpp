// SPDX-License-Identifier: MIT
//
// The result of a benchmark, for people and for programs.

#ifndef ASOCK_BENCH_REPORT_HPP
#define ASOCK_BENCH_REPORT_HPP

#include "bench/histogram.hpp"
#include <async_socket/cpp/endpoint.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace asock {

struct bench_result {
    async_socket::endpoint server;
    std::uint32_t connections = 0;
    std::uint32_t message_size = 0;
    double seconds = 0;
    std::optional<double> rate{}; // that was asked for
    std::uint64_t unsent = 0;     // messages that were to leave, and could not in time; their latencies are the least
};

// Latencies in nanoseconds; each recorded value is one message that went there and back, or was not sent.
std::string bench_text(const bench_result& result, const histogram& latencies);

// One JSON object on one line. A rate counts a message once, not once for each direction.
std::string bench_json(const bench_result& result, const histogram& latencies);

} // namespace asock

#endif
