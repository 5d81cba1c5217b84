// SPDX-License-Identifier: MIT
//
// A relay whose target is the relay: each connection would make another one, until there is no room left.

#ifndef ASOCK_RELAY_OWN_TARGET_HPP
#define ASOCK_RELAY_OWN_TARGET_HPP

#include <async_socket/cpp/endpoint.hpp>

#include <string>
#include <vector>

namespace asock {

// Whether a connection to the port at one of these numeric addresses comes to a listener at `listening`.
bool leads_to(const async_socket::endpoint& listening, const std::vector<std::string>& addresses, std::uint16_t port);

} // namespace asock

#endif
