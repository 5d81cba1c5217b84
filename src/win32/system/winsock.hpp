// SPDX-License-Identifier: MIT
//
// Starting and ending Winsock, from any thread.

#ifndef ASYNC_SOCKET_WIN32_SYSTEM_WINSOCK_HPP
#define ASYNC_SOCKET_WIN32_SYSTEM_WINSOCK_HPP

#include <winsock2.h>

namespace async_socket::detail {

// Each success is owed an end_winsock. Gives the error, 0 for none.
DWORD start_winsock() noexcept;
void end_winsock() noexcept;

} // namespace async_socket::detail

#endif
