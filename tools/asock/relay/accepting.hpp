// SPDX-License-Identifier: MIT
//
// From the listener of a relay to its connections.

#ifndef ASOCK_RELAY_ACCEPTING_HPP
#define ASOCK_RELAY_ACCEPTING_HPP

#include "relay/connection.hpp"

#include <async_socket/async_socket.hpp>

#include <cstddef>
#include <stop_token>

namespace asock {

// What accepts, and what serves.
struct relay_service {
    async_socket::engine& engine;
    async_socket::listener& listener;
    async_socket::scope& connections;
    relay_state& state;
};

// Begins a connection for each client, while there is room, until a stop is requested. What keeps one of them from
// being begun, such as want of memory, ends that one. Throws failure when the listener cannot go on.
void accept_all(const relay_service& service, const std::stop_token& stop);

// Begins a connection for each client, and at most so many, whom the system has accepted for the listener by now:
// closing it would reset them. They are not made to wait for room, since this is the end. Returns how many there were.
std::size_t serve_backlog(const relay_service& service, std::size_t most);

} // namespace asock

#endif
