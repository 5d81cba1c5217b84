// SPDX-License-Identifier: MIT
//
// What the end of an operation means to the program: the one place where errors of the system become results.

#ifndef ASYNC_SOCKET_LINUX_SOCKET_OUTCOME_HPP
#define ASYNC_SOCKET_LINUX_SOCKET_OUTCOME_HPP

#include <cstdint>

#include "linux/socket/socket.hpp"

namespace async_socket::detail {

// Writes the result of an operation that ended with `error` (0: none), in the terms of its kind. Reports what is a
// failure; notes on the socket that the connection is broken.
void write_result(operation& ended, int error) noexcept;

// The same for one that this side gave up.
void write_result_of_abandoned(operation& abandoned) noexcept;

} // namespace async_socket::detail

#endif
