// SPDX-License-Identifier: MIT
//
// Errors of the system as text, for the log.

#ifndef ASYNC_SOCKET_WIN32_SYSTEM_LAST_ERROR_HPP
#define ASYNC_SOCKET_WIN32_SYSTEM_LAST_ERROR_HPP

#include <winsock2.h>

namespace async_socket::detail {

// Reports that `call` failed in `function`. Leaves the thread's last error, which Winsock shares, as it was.
void log_system_failure(const char* function, const char* call, DWORD error) noexcept;

} // namespace async_socket::detail

#endif
