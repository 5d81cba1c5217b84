// SPDX-License-Identifier: MIT
//
// `asock relay`: forwards TCP connections to a target, both ways, in memory of fixed size for each.

#ifndef ASOCK_RELAY_RUN_HPP
#define ASOCK_RELAY_RUN_HPP

#include "network/engine.hpp"
#include <async_socket/cpp/endpoint.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>

namespace asock {

struct relay_options {
    async_socket::endpoint listen_at;
    async_socket::endpoint target;
    std::optional<std::uint32_t> max_connections; // nothing: as many as there are descriptors for
    std::chrono::milliseconds connect_timeout{std::chrono::seconds(10)};
    std::chrono::milliseconds idle_timeout{}; // zero: never
    std::chrono::milliseconds drain_timeout{std::chrono::seconds(30)};
    bool show_figures = false;
    engine_options engine;
};

// Serves until a stop is requested, then waits for the connections that are left, resets those that do not end within
// the drain timeout, and returns. Throws failure.
void run_relay(const relay_options& options, const std::stop_token& stop);

} // namespace asock

#endif
