// SPDX-License-Identifier: MIT
//
// What passes between the two sides of a relayed connection.

#ifndef ASOCK_RELAY_LINK_HPP
#define ASOCK_RELAY_LINK_HPP

#include "relay/connection.hpp"

#include <async_socket/async_socket.hpp>

namespace asock {

// Passes on what comes from either side until both streams have ended. Where a side is broken, or takes nothing any
// more, the other one still gets all that the first has said, up to its end; then it returns. The caller then resets
// both unless they have ended in order: no peer is to take a stream that was cut for a whole one.
async_socket::task<relay_ending> relay_between(relay_state& state, async_socket::socket& client,
                                               async_socket::socket& target);

} // namespace asock

#endif
