// SPDX-License-Identifier: MIT
//
// `asock echo`: sends back whatever arrives, on any number of connections, each with one buffer of fixed size.

#ifndef ASOCK_ECHO_HPP
#define ASOCK_ECHO_HPP

#include "endpoint.hpp"
#include "engine.hpp"

#include <stop_token>

namespace asock {

struct echo_options {
    endpoint listen_at;
    engine_options engine;
};

// Serves until a stop is requested, then closes every connection and returns. Throws failure.
void serve_echo(const echo_options& options, const std::stop_token& stop);

} // namespace asock

#endif
