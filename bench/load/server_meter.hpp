// SPDX-License-Identifier: MIT
//
// What the processes of a server have used between two moments: processor time, to the nanosecond; context switches;
// and allocations, where it runs with the counting library of bench/allocations.

#ifndef BENCH_LOAD_SERVER_METER_HPP
#define BENCH_LOAD_SERVER_METER_HPP

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "allocations/counts.h"

namespace bench {

struct server_usage {
    std::uint64_t cpu_ns = 0;
    std::uint64_t voluntary_switches = 0;
    std::uint64_t involuntary_switches = 0;
    std::uint64_t allocations = 0;
};

server_usage operator-(const server_usage& later, const server_usage& earlier) noexcept;

class server_meter {
public:
    // allocation_file may be empty.
    server_meter(std::vector<pid_t> processes, const std::string& allocation_file);
    ~server_meter();
    server_meter(const server_meter&) = delete;
    server_meter& operator=(const server_meter&) = delete;

    // Processor time and allocations: cheap.
    [[nodiscard]] server_usage read() const;
    // Context switches as well: a file of /proc for each thread.
    [[nodiscard]] server_usage read_all() const;

private:
    std::vector<pid_t> processes_;
    std::vector<clockid_t> clocks_;
    const allocation_counts* counts_ = nullptr;
};

} // namespace bench

#endif
