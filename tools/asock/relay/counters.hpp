// SPDX-License-Identifier: MIT
//
// What a relay has done so far, and how it is told.

#ifndef ASOCK_RELAY_COUNTERS_HPP
#define ASOCK_RELAY_COUNTERS_HPP

#include <atomic>
#include <cstdint>
#include <string>

namespace asock {

// How a connection of the relay ended.
enum class relay_ending {
    in_order,    // both streams were passed on to their ends
    error,       // the target was not reached, or one side or the network broke the connection
    idle,        // nothing moved for too long
    interrupted, // the relay ended first
};

// As it stood at one moment.
struct relay_figures {
    std::uint64_t connections = 0; // that there were, those that are open included
    std::uint64_t open = 0;
    std::uint64_t bytes_to_target = 0;
    std::uint64_t bytes_to_client = 0;
    std::uint64_t errors = 0;
    std::uint64_t idle = 0;
    std::uint64_t interrupted = 0;
};

// "3 of 12 connections open, 1.5 MiB/s to the target, 20.0 MiB/s back, 0 errors": what changed within the seconds
// between two moments.
std::string relay_line(const relay_figures& before, const relay_figures& now, double seconds);

// "relayed 12 connections, 3.0 MiB to the target, 40.0 MiB back, 0 errors", and what else there is to tell.
std::string relay_summary(const relay_figures& figures);

// Counted by all threads of the engine. A figure orders nothing, hence relaxed.
class relay_counters {
public:
    // Each is written for every piece of data, and so has a cache line of its own.
    struct alignas(64) byte_counter {
        std::atomic<std::uint64_t> bytes{0};

        void add(std::uint64_t moved) { bytes.fetch_add(moved, std::memory_order_relaxed); }
    };

    void opened();
    void ended(relay_ending how);

    byte_counter& to_target() { return to_target_; }
    byte_counter& to_client() { return to_client_; }

    relay_figures figures() const;

private:
    byte_counter to_target_;
    byte_counter to_client_;
    std::atomic<std::uint64_t> opened_{0};
    std::atomic<std::uint64_t> closed_{0};
    std::atomic<std::uint64_t> errors_{0};
    std::atomic<std::uint64_t> idle_{0};
    std::atomic<std::uint64_t> interrupted_{0};
};

} // namespace asock

#endif
