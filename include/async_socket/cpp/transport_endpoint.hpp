// SPDX-License-Identifier: MIT
//
// Not part of the interface: the endpoints of a transport.

#ifndef ASYNC_SOCKET_CPP_TRANSPORT_ENDPOINT_HPP
#define ASYNC_SOCKET_CPP_TRANSPORT_ENDPOINT_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include "async_socket/cpp/endpoint.hpp"
#include "async_socket/socket_options.h"
#include "async_socket/socket_transport.h"

namespace async_socket::impl {

template <typename Question>
endpoint endpoint_of(SOCKET_TRANSPORT_HANDLE transport, Question question)
{
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE] = "";
    std::uint16_t port = 0;
    if (transport == nullptr || question(transport, host, sizeof host, &port) != 0) {
        return {};
    }
    // An IPv4 address on a socket of both families. SRS_CPP_01_086
    constexpr std::string_view mapped = "::ffff:";
    const std::string_view address(host);
    const bool is_mapped = address.starts_with(mapped) && address.find('.') != std::string_view::npos;
    return {std::string(is_mapped ? address.substr(mapped.size()) : address), port}; // SRS_CPP_01_054
}

inline endpoint local_endpoint_of(SOCKET_TRANSPORT_HANDLE transport)
{
    return endpoint_of(transport, &socket_transport_get_local_endpoint);
}

inline endpoint peer_endpoint_of(SOCKET_TRANSPORT_HANDLE transport)
{
    return endpoint_of(transport, &socket_transport_get_peer_endpoint);
}

} // namespace async_socket::impl

#endif
