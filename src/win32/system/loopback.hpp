// SPDX-License-Identifier: MIT
//
// Connecting to this very machine.

#ifndef ASYNC_SOCKET_WIN32_SYSTEM_LOOPBACK_HPP
#define ASYNC_SOCKET_WIN32_SYSTEM_LOOPBACK_HPP

#include <winsock2.h>

namespace async_socket::detail {

// Before a connect: where the address is this machine's own, a refusal is to end it. Windows tries again for two
// seconds otherwise. What the system does not know of it is left as it is.
void take_refusal_for_an_answer(SOCKET socket, const sockaddr& address) noexcept;

} // namespace async_socket::detail

#endif
