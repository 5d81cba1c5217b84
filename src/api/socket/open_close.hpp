// SPDX-License-Identifier: MIT
//
// Opening and closing, for sockets of every kind.

#ifndef ASYNC_SOCKET_API_SOCKET_OPEN_CLOSE_HPP
#define ASYNC_SOCKET_API_SOCKET_OPEN_CLOSE_HPP

#include "api/platform/transport.hpp"
#include "async_socket/async_socket.h"

namespace async_socket::detail {

// Takes the transport, which has to be of that type, and gives the socket to its engine. False, and nothing changed, on
// failure, which is reported in the name of `function`.
[[nodiscard]] bool attach_transport(const char* function, ASYNC_SOCKET_HANDLE socket, SOCKET_TRANSPORT_HANDLE transport,
                                    SOCKET_TYPE type) noexcept;

// What async_socket_close does, in one of several ways. False: there is nothing to close, or somebody else closes it.
bool close_socket(ASYNC_SOCKET_HANDLE socket, disconnect_mode mode) noexcept;

} // namespace async_socket::detail

#endif
