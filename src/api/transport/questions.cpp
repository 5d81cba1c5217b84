// SPDX-License-Identifier: MIT
//
// The questions that a transport answers.

#include <cstddef>
#include <cstring>

#include "api/platform/transport.hpp"
#include "async_socket/socket_options.h"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

namespace {

using ask_function = bool (*)(const char* function, SOCKET_TRANSPORT_HANDLE transport,
                              numeric_endpoint& endpoint) noexcept;

// SRS_SOCKET_TRANSPORT_01_048, SRS_SOCKET_TRANSPORT_01_049, SRS_SOCKET_OPTIONS_01_006
int tell_endpoint(const char* function, ask_function ask, SOCKET_TRANSPORT_HANDLE transport, char* host,
                  std::size_t size, std::uint16_t* port) noexcept
{
    if (transport == nullptr || host == nullptr || port == nullptr) {
        log_refused(function, transport == nullptr ? "socket_transport" : host == nullptr ? "host" : "port", "is NULL");
        return 1;
    }
    const transport_use use(transport);
    if (!use) {
        log_refused(function, "socket_transport", "is neither connected nor listening");
        return 1;
    }
    numeric_endpoint endpoint;
    if (!ask(function, transport, endpoint)) {
        return 1;
    }
    const std::size_t needed = std::strlen(endpoint.host) + 1;
    if (needed > size) {
        log_refused(function, "size", "is too small for the address");
        return 1;
    }
    std::memcpy(host, endpoint.host, needed);
    *port = endpoint.port;
    return 0;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

// SRS_SOCKET_TRANSPORT_01_046
SOCKET_HANDLE socket_transport_get_underlying_socket(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    if (refused_in_child(__func__)) {
        return no_socket;
    }
    if (socket_transport == nullptr) {
        log_refused(__func__, "socket_transport", "is NULL");
        return no_socket;
    }
    const transport_use use(socket_transport);
    return use ? socket_of(socket_transport) : no_socket;
}

// SRS_SOCKET_TRANSPORT_01_047
bool socket_transport_is_valid_socket(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    if (refused_in_child(__func__)) {
        return false;
    }
    if (socket_transport == nullptr) {
        log_refused(__func__, "socket_transport", "is NULL");
        return false;
    }
    return core_of(socket_transport).gate.is_open();
}

int socket_transport_get_local_endpoint(SOCKET_TRANSPORT_HANDLE socket_transport, char* host, size_t size,
                                        uint16_t* port)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    return tell_endpoint(__func__, local_endpoint, socket_transport, host, size, port);
}

int socket_transport_get_peer_endpoint(SOCKET_TRANSPORT_HANDLE socket_transport, char* host, size_t size,
                                       uint16_t* port)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    return tell_endpoint(__func__, peer_endpoint, socket_transport, host, size, port);
}
