// SPDX-License-Identifier: MIT

#include "linux/transport/connect_socket.hpp"

#include <cerrno>
#include <cstring>

#include "linux/system/system_error.hpp"

namespace async_socket::detail {

int begin_connect(int socket, const sockaddr& address, socklen_t length) noexcept
{
    if (uninterrupted([&] { return connect(socket, &address, length); }) == 0) {
        return 0;
    }
    // SRS_SOCKET_TRANSPORT_LINUX_01_003: an interrupted call may have begun all the same; the second one finds it so.
    switch (errno) {
    case EALREADY:
        return EINPROGRESS;
    case EISCONN:
        return 0;
    default:
        return errno;
    }
}

int error_of_connect(int socket) noexcept
{
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

// SRS_SOCKET_TRANSPORT_LINUX_01_006: where nobody listens on a port of this machine that the system also hands out to
// clients, it may hand out that very port, and the socket then connects to itself.
int refuse_own_echo(int socket) noexcept
{
    sockaddr_storage own{};
    sockaddr_storage peer{};
    socklen_t own_size = sizeof own;
    socklen_t peer_size = sizeof peer;
    if (getsockname(socket, reinterpret_cast<sockaddr*>(&own), &own_size) != 0 ||
        getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0) {
        return errno;
    }
    if (own_size != peer_size || std::memcmp(&own, &peer, own_size) != 0) {
        return 0;
    }
    // Ended without the usual wait, which would keep the port from the server that is to come.
    const linger at_once{1, 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return ECONNREFUSED;
}

} // namespace async_socket::detail
