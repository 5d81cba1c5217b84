// SPDX-License-Identifier: MIT
//
// `asock relay`: forwards TCP connections to a target, both ways, in memory of fixed size for each.

#ifndef ASOCK_RELAY_HPP
#define ASOCK_RELAY_HPP

#include "endpoint.hpp"
#include "engine.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>

namespace asock {

struct relay_options {
    endpoint listen_at;
    endpoint target;
    std::optional<std::uint32_t> max_connections; // nothing: as many as there are descriptors for
    std::chrono::milliseconds connect_timeout{};
    std::optional<std::chrono::milliseconds> idle_timeout; // nothing: never
    std::chrono::milliseconds drain_timeout{};
    bool show_figures = false;
    engine_options engine;
};

// Serves until a stop is requested, then waits for the connections that are left, resets those that do not end within
// the drain timeout, and returns. When `impatient` is requested, the process ends at once. Throws failure.
void run_relay(const relay_options& options, const std::stop_token& stop, const std::stop_token& impatient);

} // namespace asock

#endif
