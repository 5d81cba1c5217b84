// SPDX-License-Identifier: MIT
//
// From an address to a connected transport, either way round. Each call blocks, and ends with `interrupted` as soon
// as a stop is requested.

#ifndef ASOCK_NETWORK_HPP
#define ASOCK_NETWORK_HPP

#include "endpoint.hpp"
#include "handles.hpp"

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>

namespace asock {

transport_ptr connect_to(const endpoint& peer, std::chrono::seconds limit, const std::stop_token& stop);

// Port 0 picks one that is free.
transport_ptr listen_on(const std::string& address, std::uint16_t port);

// Where a listening transport really listens.
endpoint local_endpoint(const transport_ptr& listener);

// Waits for the next connection, also while the system has no memory or descriptors for it, which it tells once on
// standard error. Throws failure when the listener cannot go on.
class patient_acceptor {
public:
    explicit patient_acceptor(const transport_ptr& listener) : listener_(listener) {}

    transport_ptr accept(const std::stop_token& stop);

private:
    const transport_ptr& listener_;
    bool told_ = false; // once for each time that there are too many
};

// Waits for the next connection. Empty when there was none to be had for want of memory or descriptors: a moment
// later there may be. Throws failure when the listener cannot go on.
transport_ptr accept_from(const transport_ptr& listener, const std::stop_token& stop);

} // namespace asock

#endif
