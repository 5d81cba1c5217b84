// SPDX-License-Identifier: MIT
//
// What async_socket_close_async does, for sockets of every kind.

#ifndef ASYNC_SOCKET_API_SOCKET_BACKGROUND_CLOSE_HPP
#define ASYNC_SOCKET_API_SOCKET_BACKGROUND_CLOSE_HPP

#include "async_socket/async_operation.h"
#include "async_socket/async_socket.h"

namespace async_socket::detail {

// `handle_name` is what the program calls the handle. Returns what the public functions return.
[[nodiscard]] int close_in_background(const char* function, const char* handle_name, ASYNC_SOCKET_HANDLE socket,
                                      ON_ASYNC_CLOSED on_closed, void* context) noexcept;

} // namespace async_socket::detail

#endif
