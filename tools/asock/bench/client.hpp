// SPDX-License-Identifier: MIT
//
// One connection of the benchmark.

#ifndef ASOCK_BENCH_CLIENT_HPP
#define ASOCK_BENCH_CLIENT_HPP

#include "bench/histogram.hpp"
#include "bench/run.hpp"
#include "bench/schedule.hpp"

#include <async_socket/async_socket.hpp>

#include <atomic>
#include <cstdint>

namespace asock {

// What all connections of a benchmark have in common.
struct bench_state {
    bench_state(const bench_options& wanted, async_socket::engine_ref engine)
        : options(wanted), may_connect(engine, 1), connected(engine), may_begin(engine), due(engine)
    {
    }

    const bench_options& options;
    histogram latencies;                 // of the messages that count
    std::atomic<bool> ending{false};     // each client ends when its message has come back. Orders nothing
    std::atomic<std::uint64_t> begun{0}; // messages with a rate: the next one's number. Orders nothing
    schedule times;                      // with a rate. Written before may_begin is released
    schedule::clock::time_point counted; // what was to leave before does not count. Written like the times
    async_socket::semaphore may_connect; // one at a time, so that the server's backlog is not overrun
    async_socket::semaphore connected;   // released by each client that is
    async_socket::semaphore may_begin;   // released for all at a time
    async_socket::semaphore due;         // with a rate: released for each message, and for all at the end
};

// Connects; and then sends a message, receives it back, and so on. The send and the receives of one message are under
// way at the same time, since a server may begin to answer before it has the whole message. Throws failure.
async_socket::task<> run_client(bench_state& state, std::uint64_t number);

} // namespace asock

#endif
