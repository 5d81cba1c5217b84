// SPDX-License-Identifier: MIT

#include "support/connection.h"

#include <stdexcept>

#include "linux_faults/faults.h"

namespace transport_test {

using linux_faults::exempt;

namespace {

transport required(SOCKET_TRANSPORT_HANDLE made)
{
    if (made == nullptr) {
        throw std::runtime_error("no transport");
    }
    return transport(made);
}

} // namespace

transport make_client()
{
    const exempt scope;
    return required(socket_transport_create_client());
}

transport make_server()
{
    const exempt scope;
    return required(socket_transport_create_server());
}

transport make_listener(const char* address)
{
    const exempt scope;
    transport server = make_server();
    if (socket_transport_listen_at(server.get(), address, 0) != 0) {
        throw std::runtime_error("cannot listen");
    }
    return server;
}

std::uint16_t port_of(const transport& bound)
{
    const exempt scope;
    char host[64];
    std::uint16_t port = 0;
    if (socket_transport_get_local_endpoint(bound.get(), host, sizeof host, &port) != 0) {
        throw std::runtime_error("no endpoint");
    }
    return port;
}

connection make_connection()
{
    const exempt scope;
    const transport server = make_listener();
    raw_socket peer = raw_socket::connected_to(port_of(server));
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    if (socket_transport_accept(server.get(), &accepted, UINT32_MAX) != SOCKET_ACCEPT_OK) {
        throw std::runtime_error("nothing to accept");
    }
    return {transport(accepted), std::move(peer)};
}

std::vector<SOCKET_BUFFER> buffers_of(std::vector<std::string>& strings)
{
    std::vector<SOCKET_BUFFER> buffers;
    buffers.reserve(strings.size());
    for (std::string& each : strings) {
        buffers.push_back({static_cast<std::uint32_t>(each.size()), reinterpret_cast<unsigned char*>(each.data())});
    }
    return buffers;
}

std::string pattern(std::size_t length)
{
    std::string made;
    made.reserve(length);
    std::uint32_t state = 12345;
    for (std::size_t i = 0; i < length; ++i) {
        state = state * 1664525U + 1013904223U;
        made.push_back(static_cast<char>(state >> 24));
    }
    return made;
}

} // namespace transport_test
