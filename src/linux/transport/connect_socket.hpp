// SPDX-License-Identifier: MIT
//
// The steps of connecting one socket that does not block.

#ifndef ASYNC_SOCKET_LINUX_TRANSPORT_CONNECT_SOCKET_HPP
#define ASYNC_SOCKET_LINUX_TRANSPORT_CONNECT_SOCKET_HPP

#include <sys/socket.h>

namespace async_socket::detail {

// Begins to connect. Returns 0 when connected, EINPROGRESS when it is to be waited for, or the error.
[[nodiscard]] int begin_connect(int socket, const sockaddr& address, socklen_t length) noexcept;

// How it ended, once the socket can be written: 0, or the error.
[[nodiscard]] int error_of_connect(int socket) noexcept;

// A socket that has connected to itself is no connection. Returns 0, or the error, and then the socket is to be closed.
[[nodiscard]] int refuse_own_echo(int socket) noexcept;

} // namespace async_socket::detail

#endif
