// SPDX-License-Identifier: MIT
//
// The addresses of the two ends of a transport's socket.

#include "win32/transport/socket_transport.hpp"

#include <ws2tcpip.h>

#include <cstddef>

#include "win32/system/last_error.hpp"

namespace async_socket::detail {

namespace {

using ask_function = int(WSAAPI*)(SOCKET socket, sockaddr* address, int* length);

bool tell(const char* function, const char* call, ask_function ask, SOCKET socket, numeric_endpoint& endpoint) noexcept
{
    sockaddr_storage address{};
    int length = sizeof address;
    if (ask(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        log_system_failure(function, call, static_cast<DWORD>(WSAGetLastError()));
        return false;
    }
    // SRS_SOCKET_TRANSPORT_01_070: of this system, the zone's number included.
    static_assert(SOCKET_TRANSPORT_ADDRESS_SIZE >= INET6_ADDRSTRLEN);
    const int error = getnameinfo(reinterpret_cast<const sockaddr*>(&address), length, endpoint.host,
                                  sizeof endpoint.host, nullptr, 0, NI_NUMERICHOST);
    if (error != 0) {
        log_system_failure(function, "getnameinfo", static_cast<DWORD>(error));
        return false;
    }
    // The port stands at the same place in the address of either family.
    static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
    endpoint.port = ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
    return true;
}

} // namespace

bool local_endpoint(const char* function, SOCKET_TRANSPORT_HANDLE transport, numeric_endpoint& endpoint) noexcept
{
    return tell(function, "getsockname", getsockname, transport->socket, endpoint);
}

bool peer_endpoint(const char* function, SOCKET_TRANSPORT_HANDLE transport, numeric_endpoint& endpoint) noexcept
{
    return tell(function, "getpeername", getpeername, transport->socket, endpoint);
}

} // namespace async_socket::detail
