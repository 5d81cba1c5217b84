// SPDX-License-Identifier: MIT
//
// The addresses of the two ends of a transport's socket.

#include <sys/socket.h>

#include <netdb.h>
#include <netinet/in.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "async_socket/socket_options.h"
#include "common/log.hpp"
#include "linux/socket_transport.hpp"
#include "linux/system_error.hpp"

namespace async_socket::detail {

namespace {

// getsockname or getpeername.
struct endpoint_call {
    const char* function;
    const char* name;
    int (*ask)(int socket, sockaddr* address, socklen_t* length);
};

int tell_endpoint(const endpoint_call& call, SOCKET_TRANSPORT_HANDLE transport, char* host, std::size_t size,
                  std::uint16_t* port) noexcept
{
    if (transport == nullptr || host == nullptr || port == nullptr) {
        log_refused(call.function,
                    transport == nullptr ? "socket_transport"
                    : host == nullptr    ? "host"
                                         : "port",
                    "is NULL");
        return 1;
    }
    const transport_use use(transport);
    if (!use) {
        log_refused(call.function, "socket_transport", "is neither connected nor listening");
        return 1;
    }
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (call.ask(transport->fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        log_system_failure(call.function, call.name, errno);
        return 1;
    }
    // A transport may have been made of a stream socket of another kind.
    if (address.ss_family != AF_INET && address.ss_family != AF_INET6) {
        log_refused(call.function, "socket_transport", "has no address and port");
        return 1;
    }
    char numeric[NI_MAXHOST];
    const int error = getnameinfo(reinterpret_cast<const sockaddr*>(&address), length, numeric, sizeof numeric, nullptr,
                                  0, NI_NUMERICHOST);
    if (error != 0) {
        log_resolver_failure(call.function, "getnameinfo", error, errno);
        return 1;
    }
    const std::size_t needed = std::strlen(numeric) + 1;
    if (needed > size) {
        log_refused(call.function, "size", "is too small for the address");
        return 1;
    }
    std::memcpy(host, numeric, needed);
    // The port stands at the same place in the address of either family.
    static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
    *port = ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
    return 0;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

// SRS_SOCKET_TRANSPORT_01_048, SRS_SOCKET_TRANSPORT_01_049
int socket_transport_get_local_endpoint(SOCKET_TRANSPORT_HANDLE socket_transport, char* host, size_t size,
                                        uint16_t* port)
{
    const auto ask = [](int socket, sockaddr* address, socklen_t* length) {
        return getsockname(socket, address, length);
    };
    return tell_endpoint({__func__, "getsockname", ask}, socket_transport, host, size, port);
}

// SRS_SOCKET_OPTIONS_01_006
int socket_transport_get_peer_endpoint(SOCKET_TRANSPORT_HANDLE socket_transport, char* host, size_t size,
                                       uint16_t* port)
{
    const auto ask = [](int socket, sockaddr* address, socklen_t* length) {
        return getpeername(socket, address, length);
    };
    return tell_endpoint({__func__, "getpeername", ask}, socket_transport, host, size, port);
}
