// SPDX-License-Identifier: MIT
//
// One connection of a relay: its client, its target, and what goes from one to the other.

#ifndef ASOCK_RELAY_CONNECTION_HPP
#define ASOCK_RELAY_CONNECTION_HPP

#include "relay/counters.hpp"
#include "relay/display.hpp"

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
    async_socket::semaphore& room;                         // for so many connections more
    relay_counters& counters;
    relay_display& display;
    std::atomic<bool> target_is_down{false}; // and somebody was told
};

// Connects to the target and passes on what comes from either side until both streams have ended. A stream that ended
// in order ends in order on the other side; anything else resets both sides, when all that had arrived before was
// passed on, so that no peer takes a stream that was cut for a whole one. When a stop is requested, both are reset at
// once. A client that resets while the target is still being connected ends it. At its end it leaves room for another
// one.
//
// To be begun on any thread of the engine: it goes on on that of its client, where its target is, too.
async_socket::task<> relay_connection(relay_state& state, async_socket::accepted_connection accepted);

} // namespace asock

#endif
