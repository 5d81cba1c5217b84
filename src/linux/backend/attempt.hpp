// SPDX-License-Identifier: MIT

#ifndef ASYNC_SOCKET_LINUX_BACKEND_ATTEMPT_HPP
#define ASYNC_SOCKET_LINUX_BACKEND_ATTEMPT_HPP

#include "linux/socket/transfer.hpp"

namespace async_socket::detail {

// Does what the operation is about, as far as that goes without waiting and within the turn.
[[nodiscard]] transfer_result attempt(operation& first, turn& own, const attempted_operation& attempted) noexcept;

} // namespace async_socket::detail

#endif
