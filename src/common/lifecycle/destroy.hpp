// SPDX-License-Identifier: MIT
//
// What destroy waits for before the handle is given back, the same on every platform.

#ifndef ASYNC_SOCKET_COMMON_LIFECYCLE_DESTROY_HPP
#define ASYNC_SOCKET_COMMON_LIFECYCLE_DESTROY_HPP

#include "async_socket/async_socket.h"
#include "common/lifecycle/lifecycle.hpp"

namespace async_socket::detail {

// Closes the socket and waits as async_socket_destroy promises; `life` is the socket's. The handle is then to be
// released.
void close_for_destroy(ASYNC_SOCKET_HANDLE socket, const lifecycle& life) noexcept;

} // namespace async_socket::detail

#endif
