// SPDX-License-Identifier: MIT
//
// Transports under test and what is at their other ends. Making them is neither counted nor made to fail.

#ifndef TRANSPORT_TEST_CONNECTION_H
#define TRANSPORT_TEST_CONNECTION_H

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "async_socket/socket_transport.h"

#include "support/raw_socket.h"

namespace transport_test {

struct transport_destroyer {
    void operator()(SOCKET_TRANSPORT_HANDLE transport) const { socket_transport_destroy(transport); }
};

using transport = std::unique_ptr<SOCKET_TRANSPORT_TAG, transport_destroyer>;

transport make_client();
transport make_server();
// A server that listens on a free port.
transport make_listener(const char* address = "127.0.0.1");
std::uint16_t port_of(const transport& bound);

struct connection {
    transport local;
    raw_socket peer;
};

connection make_connection();

// The buffers of the strings, in order; a string must live for as long as its buffer is used.
std::vector<SOCKET_BUFFER> buffers_of(std::vector<std::string>& strings);

// `length` bytes in which no part looks like another one nearby.
std::string pattern(std::size_t length);

} // namespace transport_test

#endif
