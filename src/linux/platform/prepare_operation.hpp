// SPDX-License-Identifier: MIT
//
// From what the program asks to the record that its worker is given.

#ifndef ASYNC_SOCKET_LINUX_PLATFORM_PREPARE_OPERATION_HPP
#define ASYNC_SOCKET_LINUX_PLATFORM_PREPARE_OPERATION_HPP

#include <cstdint>

#include "api/platform/operations.hpp"
#include "linux/socket/socket.hpp"

namespace async_socket::detail {

// A record of that kind, with nothing to transfer, that only has to be given to the worker; nullptr when there is no
// memory. `place` goes into its name.
[[nodiscard]] operation* prepare_operation(worker& whose, ASYNC_SOCKET_HANDLE socket, work_kind kind,
                                           const operation_request& request, std::uint64_t place = 0) noexcept;

} // namespace async_socket::detail

#endif
