// SPDX-License-Identifier: MIT
//
// `asock bench`: how fast an echo server answers.

#ifndef ASOCK_BENCH_RUN_HPP
#define ASOCK_BENCH_RUN_HPP

#include "network/engine.hpp"
#include <async_socket/cpp/endpoint.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>

namespace asock {

struct bench_options {
    async_socket::endpoint server;
    std::uint32_t connections = 1;
    std::uint32_t message_size = 1024;
    double seconds = 5;
    double warm_up = 0;         // seconds before them, which do not count
    std::optional<double> rate; // messages a second; nothing: each as soon as the one before has come back
    engine_options engine;
    std::chrono::seconds timeout{10};
    bool json = false;
};

// Sends messages, at most one at a time on each connection, checks that each comes back as it was sent, and prints the
// result. With a rate, messages leave when it is time for them, or when a connection is free again, and their latency
// counts from when it was time: a server that stands still is seen in all messages that had to wait for it. Throws
// failure or interrupted; then nothing was printed.
void run_bench(const bench_options& options, const std::stop_token& stop);

} // namespace asock

#endif
