// SPDX-License-Identifier: MIT
//
// Errors of the system as the statuses that are the same on every platform.

#ifndef ASYNC_SOCKET_WIN32_SOCKET_STATUS_HPP
#define ASYNC_SOCKET_WIN32_SOCKET_STATUS_HPP

#include <winsock2.h>

#include <cstdint>

#include "async_socket/async_operation.h"

namespace async_socket::detail {

// Why an operation was ended from this side before it ended by itself.
enum class end_reason : std::uint32_t { none, cancelled, timed_out };

// What the error of a call, or of an operation's completion, means. Never OK.
[[nodiscard]] ASYNC_STATUS status_of_error(DWORD error) noexcept;

// The completion for an operation that was ended from this side: no call has failed.
[[nodiscard]] ASYNC_COMPLETION completion_of_reason(end_reason reason, std::uint32_t bytes) noexcept;

// Whether it is CancelIoEx that an operation has ended with this error.
[[nodiscard]] bool is_cancellation(DWORD error) noexcept;

} // namespace async_socket::detail

#endif
