// SPDX-License-Identifier: MIT
//
// Errors of the system as the statuses that are the same on every platform.

#ifndef ASYNC_SOCKET_LINUX_SOCKET_STATUS_HPP
#define ASYNC_SOCKET_LINUX_SOCKET_STATUS_HPP

#include "async_socket/async_operation.h"

namespace async_socket::detail {

// `error` is a value of errno, and not 0.
[[nodiscard]] ASYNC_STATUS status_of_error(int error) noexcept;

// Whether `error`, of a send or a receive, is one of the connection: all that the system tells, but that there is
// nothing to do or nothing to do it with. SRS_ASYNC_SOCKET_LINUX_01_033
[[nodiscard]] bool is_fatal(int error) noexcept;

// Whether `error` says that there is no connection any more.
[[nodiscard]] bool is_end_of_connection(int error) noexcept;

} // namespace async_socket::detail

#endif
