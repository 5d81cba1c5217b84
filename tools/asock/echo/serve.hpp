// SPDX-License-Identifier: MIT
//
// `asock echo`: sends back whatever arrives, on any number of connections, each with little memory while it says
// little.

#ifndef ASOCK_ECHO_SERVE_HPP
#define ASOCK_ECHO_SERVE_HPP

#include "network/engine.hpp"
#include <async_socket/cpp/endpoint.hpp>

#include <stop_token>

namespace asock {

struct echo_options {
    async_socket::endpoint listen_at;
    engine_options engine;
};

// Serves until a stop is requested, then closes every connection and returns. Throws failure.
void serve_echo(const echo_options& options, const std::stop_token& stop);

} // namespace asock

#endif
