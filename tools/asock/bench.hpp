// SPDX-License-Identifier: MIT
//
// `asock bench`: how fast an echo server answers.

#ifndef ASOCK_BENCH_HPP
#define ASOCK_BENCH_HPP

#include "endpoint.hpp"
#include "engine.hpp"

#include <chrono>
#include <cstdint>
#include <stop_token>

namespace asock {

struct bench_options {
    endpoint server;
    std::uint32_t connections = 1;
    std::uint32_t message_size = 1024;
    double seconds = 5;
    engine_options engine;
    std::chrono::seconds timeout{10};
    bool json = false;
};

// Keeps one message on its way on each connection, checks that each comes back as it was sent, and prints the result.
// Throws failure or interrupted; then nothing was printed.
void run_bench(const bench_options& options, const std::stop_token& stop);

} // namespace asock

#endif
