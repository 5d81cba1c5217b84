// SPDX-License-Identifier: MIT
//
// The addresses of the two ends of a transport's socket.

#include <sys/socket.h>

#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>

#include <cerrno>
#include <cstddef>

#include "linux/system/system_error.hpp"
#include "linux/transport/socket_transport.hpp"

#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

namespace {

bool tell(const char* function, const sockaddr_storage& address, socklen_t length, numeric_endpoint& endpoint) noexcept
{
    // A transport may have been made of a stream socket of another kind.
    if (address.ss_family != AF_INET && address.ss_family != AF_INET6) {
        log_refused(function, "socket_transport", "has no address and port");
        return false;
    }
    // SRS_SOCKET_TRANSPORT_01_070: a zone is a '%' and the name of an interface, which counts its NUL, as do the
    // others.
    static_assert(SOCKET_TRANSPORT_ADDRESS_SIZE >= INET6_ADDRSTRLEN + IF_NAMESIZE);
    const int error = getnameinfo(reinterpret_cast<const sockaddr*>(&address), length, endpoint.host,
                                  sizeof endpoint.host, nullptr, 0, NI_NUMERICHOST);
    if (error != 0) {
        log_resolver_failure(function, "getnameinfo", error, errno);
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
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (getsockname(transport->fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        log_system_failure(function, "getsockname", errno);
        return false;
    }
    return tell(function, address, length, endpoint);
}

bool peer_endpoint(const char* function, SOCKET_TRANSPORT_HANDLE transport, numeric_endpoint& endpoint) noexcept
{
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (getpeername(transport->fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        log_system_failure(function, "getpeername", errno);
        return false;
    }
    return tell(function, address, length, endpoint);
}

} // namespace async_socket::detail
