// SPDX-License-Identifier: MIT
//
// What async_socket_cancel and async_socket_cancel_and_wait do, for sockets of every kind.

#ifndef ASYNC_SOCKET_API_SOCKET_CANCEL_HPP
#define ASYNC_SOCKET_API_SOCKET_CANCEL_HPP

#include "async_socket/async_operation.h"
#include "async_socket/async_socket.h"

namespace async_socket::detail {

// `handle_name` is what the program calls the handle. Both return what the public functions return.
[[nodiscard]] int cancel(const char* function, const char* handle_name, ASYNC_SOCKET_HANDLE socket,
                         ASYNC_OPERATION_ID id) noexcept;
[[nodiscard]] int cancel_and_wait(const char* function, const char* handle_name, ASYNC_SOCKET_HANDLE socket,
                                  ASYNC_OPERATION_ID id) noexcept;

} // namespace async_socket::detail

#endif
