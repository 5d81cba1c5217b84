// SPDX-License-Identifier: MIT
//
// The result of a benchmark, for people and for programs.

#ifndef ASOCK_BENCH_REPORT_HPP
#define ASOCK_BENCH_REPORT_HPP

#include "endpoint.hpp"
#include "histogram.hpp"

#include <cstdint>
#include <string>

namespace asock {

struct bench_result {
    endpoint server;
    std::uint32_t connections = 0;
    std::uint32_t message_size = 0;
    double seconds = 0;
};

// Latencies in nanoseconds; each recorded value is one message that went there and back.
std::string bench_text(const bench_result& result, const histogram& latencies);

// One JSON object on one line. A rate counts a message once, not once for each direction.
std::string bench_json(const bench_result& result, const histogram& latencies);

} // namespace asock

#endif
