// SPDX-License-Identifier: MIT
//
// From an address to a connection, either way round. What waits ends with `interrupted` when a stop is requested.

#ifndef ASOCK_NETWORK_CONNECTIONS_HPP
#define ASOCK_NETWORK_CONNECTIONS_HPP

#include <async_socket/async_socket.hpp>

#include <chrono>
#include <stop_token>
#include <system_error>

namespace asock {

// Zero: no limit.
async_socket::time_limit limit_from(std::chrono::seconds seconds);

// Throws interrupted where an operation was ended by a stop request.
void check_interruption(const std::error_code& error);

// How often to try: while nobody listens there, for this long; where not silent, a line on standard error says so.
struct trials {
    std::chrono::seconds patience{};
    bool silent = true;
};

// The limit is for each trial. Throws failure or interrupted.
async_socket::task<> connect(async_socket::socket& unconnected, const async_socket::endpoint& peer,
                             async_socket::time_limit limit, trials allowed = {});

// At the first address of a name on which this machine can. Port 0 picks one that is free. A stop request while a name
// is looked up ends the process. Throws failure.
async_socket::listener listen_on(async_socket::engine_ref engine, const async_socket::endpoint& at,
                                 const std::stop_token& stop);

// Waits for the next connection, also while the system has no memory or descriptors for it. Throws failure when the
// listener cannot go on, and interrupted.
async_socket::task<async_socket::accepted_connection> next_connection(async_socket::listener& listener);

} // namespace asock

#endif
