// SPDX-License-Identifier: MIT
//
// How the library's own code reports. Costs one relaxed load while no handler is installed.

#ifndef ASYNC_SOCKET_COMMON_LOG_HPP
#define ASYNC_SOCKET_COMMON_LOG_HPP

#include "async_socket/log.h"

namespace async_socket::detail {

[[nodiscard]] bool log_is_on() noexcept;

// Formats as printf does.
[[gnu::format(printf, 2, 3)]] void log(ASYNC_SOCKET_LOG_LEVEL level, const char* format, ...) noexcept;

// "function: argument is reason": the line for a refused call.
void log_refused(const char* function, const char* argument, const char* reason) noexcept;

// "function: call failed: text (number)": the line for a failure of the system.
void log_failed(const char* function, const char* call, const char* error_text, long error_number) noexcept;

} // namespace async_socket::detail

#endif
