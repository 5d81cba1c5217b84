// SPDX-License-Identifier: MIT
//
// How the library's own code reports. Costs one relaxed load while no handler is installed.

#ifndef ASYNC_SOCKET_COMMON_DIAGNOSTICS_LOG_HPP
#define ASYNC_SOCKET_COMMON_DIAGNOSTICS_LOG_HPP

#include "async_socket/log.h"

namespace async_socket::detail {

[[nodiscard]] bool log_is_on() noexcept;

// What the compiler is to check the arguments of a format by, where it knows how; others warn of the attribute.
#ifdef __GNUC__
#define ASYNC_SOCKET_FORMATS_AS_PRINTF(position, first) [[gnu::format(printf, position, first)]]
#else
#define ASYNC_SOCKET_FORMATS_AS_PRINTF(position, first)
#endif

// Formats as printf does.
ASYNC_SOCKET_FORMATS_AS_PRINTF(2, 3) void log(ASYNC_SOCKET_LOG_LEVEL level, const char* format, ...) noexcept;

// The same for a plain message, and without waiting: not at all where a handler is running, or seems to be because the
// process was forked meanwhile.
void log_at_once(ASYNC_SOCKET_LOG_LEVEL level, const char* message) noexcept;

// "function: argument is reason": the line for a refused call.
void log_refused(const char* function, const char* argument, const char* reason) noexcept;

// "function: call failed: text (number)": the line for a failure of the system.
void log_failed(const char* function, const char* call, const char* error_text, long error_number) noexcept;

} // namespace async_socket::detail

#endif
