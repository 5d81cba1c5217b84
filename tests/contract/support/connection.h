// SPDX-License-Identifier: MIT
//
// Connections over 127.0.0.1, and a plain blocking peer at one end of them.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_CONNECTION_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_CONNECTION_H

#include <cstddef>
#include <cstdint>

#include "support/owners.h"
#include "support/pattern.h"

namespace contract {

// What fails here throws std::runtime_error: it is what the test stands on, not what it tests.

// A server transport that listens on a port that the system has picked.
class listener {
public:
    explicit listener(const char* address = "127.0.0.1");

    [[nodiscard]] SOCKET_TRANSPORT_HANDLE get() const { return transport_.get(); }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] transport_owner accept() const;

private:
    transport_owner transport_;
    std::uint16_t port_ = 0;
};

// Both ends of one connection.
struct connection {
    transport_owner local; // the end under test
    transport_owner peer;
};

connection make_connection();

// One end of a connection whose other end nobody has accepted: the system takes what is sent, up to its buffers, and
// when the listener goes away it resets the connection. No other end makes every system send a reset and nothing else.
class unaccepted_connection {
public:
    unaccepted_connection();

    [[nodiscard]] SOCKET_TRANSPORT_HANDLE local() const { return local_.get(); }
    void reset() { socket_transport_disconnect(server_.get()); }

private:
    listener server_;
    transport_owner local_;
};

// A port of 127.0.0.1 on which nobody listens (free_port.h).
std::uint16_t port_without_listener();

// Blocking send of everything; false when the connection ends first.
bool send_all(SOCKET_TRANSPORT_HANDLE transport, const bytes& data);

// Blocking receive of `length` bytes; fewer when the stream ends first.
bytes receive_exactly(SOCKET_TRANSPORT_HANDLE transport, std::size_t length);

struct rest_of_stream {
    bytes data;
    bool ended_in_order; // false: it ended with an error
};

// Blocking receive of everything up to the end of the stream.
rest_of_stream receive_to_end(SOCKET_TRANSPORT_HANDLE transport);

} // namespace contract

#endif
