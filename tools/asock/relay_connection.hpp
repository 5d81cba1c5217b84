// SPDX-License-Identifier: MIT
//
// One connection of a relay: its client, its target, and what goes from one to the other.

#ifndef ASOCK_RELAY_CONNECTION_HPP
#define ASOCK_RELAY_CONNECTION_HPP

#include "connection_gate.hpp"
#include "handles.hpp"
#include "relay_counters.hpp"
#include "relay_display.hpp"

#include <async_socket/async_socket.hpp>

#include <atomic>
#include <chrono>
#include <optional>

namespace asock {

// What all connections of a relay have in common.
struct relay_state {
    async_socket::endpoint target;
    std::chrono::milliseconds connect_timeout;
    std::optional<std::chrono::milliseconds> idle_timeout; // nothing: never
    relay_counters& counters;
    relay_display& display;
    std::atomic<bool> target_is_down{false}; // and somebody was told
};

// Connects to the target and passes on what comes from either side until both streams have ended. A stream that ended
// in order ends in order on the other side; anything else resets both sides, so that no peer takes a stream that was
// cut for a whole one. When a stop is requested, both are reset.
//
// To be begun on a thread of the engine: the connection stays with that thread, where the platform ties sockets to
// threads, and what comes from one side leaves to the other without waking anybody.
async_socket::task<> relay_connection(relay_state& state, transport_ptr accepted, connection_gate::place place);

} // namespace asock

#endif
