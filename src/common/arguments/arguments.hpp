// SPDX-License-Identifier: MIT
//
// The checks of the arguments of open, connect, send and receive, the same on every platform. What is refused is
// reported in the name of the function.

#ifndef ASYNC_SOCKET_COMMON_ARGUMENTS_ARGUMENTS_HPP
#define ASYNC_SOCKET_COMMON_ARGUMENTS_ARGUMENTS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>

#include "async_socket/async_operation.h"
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

// The same for the sends and receives that say how they went; `function` names which.
[[nodiscard]] std::optional<std::uint32_t>
check_operation_arguments(const char* function, ASYNC_SOCKET_HANDLE socket, const ASYNC_SOCKET_BUFFER* payload,
                          std::uint32_t buffer_count, ON_ASYNC_COMPLETE on_complete, std::size_t record_size) noexcept;

// Longer names have no address: a name has at most so many characters in the domain name system.
inline constexpr std::size_t longest_host = 253;

// `callback_name` names the callback in the message about its absence.
[[nodiscard]] bool check_connect_arguments(const char* function, ASYNC_SOCKET_HANDLE socket, const char* host,
                                           std::uint16_t port, const char* callback_name, bool has_callback) noexcept;

// The same for the cancels, of whatever kind of handle; `handle_name` is what the program calls it.
[[nodiscard]] bool check_cancel_arguments(const char* function, const char* handle_name, const void* handle,
                                          ASYNC_OPERATION_ID id) noexcept;

} // namespace async_socket::detail

#endif
