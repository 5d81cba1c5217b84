// SPDX-License-Identifier: MIT
//
// A load: connections to a server that are kept from one slice of the measurement to the next.

#ifndef BENCH_LOAD_LOAD_HPP
#define BENCH_LOAD_LOAD_HPP

#include <cstdint>
#include <memory>

#include "histogram.hpp"
#include "options.hpp"
#include "server_meter.hpp"

namespace bench {

struct slice_result {
    std::uint64_t messages = 0;  // within the measured time
    std::uint64_t exchanged = 0; // before and after it, too
    double seconds = 0;
    server_usage usage;       // within the measured time
    server_usage whole_usage; // over all that was exchanged
    histogram latency;
};

class load {
public:
    virtual ~load() = default;
    // Warms up, measures for so long, and lets what is under way end.
    virtual slice_result run(double seconds) = 0;
};

std::unique_ptr<load> make_echo_load(const options& wanted, const server_meter& meter);
std::unique_ptr<load> make_stream_load(const options& wanted, const server_meter& meter);
std::unique_ptr<load> make_churn_load(const options& wanted, const server_meter& meter);

} // namespace bench

#endif
