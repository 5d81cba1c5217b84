// SPDX-License-Identifier: MIT
//
// The checks of the arguments of open, send and receive, the same on every platform. What is refused is reported in
// the name of the function.

#ifndef ASYNC_SOCKET_COMMON_ARGUMENTS_HPP
#define ASYNC_SOCKET_COMMON_ARGUMENTS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>

#include "async_socket/async_socket.h"

namespace async_socket::detail {

[[nodiscard]] bool check_open_arguments(ASYNC_SOCKET_HANDLE socket, SOCKET_TRANSPORT_HANDLE transport,
                                        ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete) noexcept;

// The total length of the payload in bytes; nothing when an argument is refused. `record_size` is the size of the
// platform's record of an operation without its SOCKET_BUFFERs.
[[nodiscard]] std::optional<std::uint32_t>
check_send_arguments(ASYNC_SOCKET_HANDLE socket, const ASYNC_SOCKET_BUFFER* payload, std::uint32_t buffer_count,
                     ON_ASYNC_SOCKET_SEND_COMPLETE on_send_complete, std::size_t record_size) noexcept;

[[nodiscard]] std::optional<std::uint32_t>
check_receive_arguments(ASYNC_SOCKET_HANDLE socket, const ASYNC_SOCKET_BUFFER* payload, std::uint32_t buffer_count,
                        ON_ASYNC_SOCKET_RECEIVE_COMPLETE on_receive_complete, std::size_t record_size) noexcept;

} // namespace async_socket::detail

#endif
