// SPDX-License-Identifier: MIT
//
// Errors of the system as the statuses that are the same on every platform.

#ifndef ASYNC_SOCKET_LINUX_STATUS_HPP
#define ASYNC_SOCKET_LINUX_STATUS_HPP

#include "async_socket/async_operation.h"

namespace async_socket::detail {

// `error` is a value of errno, and not 0.
[[nodiscard]] ASYNC_STATUS status_of_error(int error) noexcept;

// Whether `error` says that there is no connection any more.
[[nodiscard]] bool is_end_of_connection(int error) noexcept;

} // namespace async_socket::detail

#endif
