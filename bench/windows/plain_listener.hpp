// SPDX-License-Identifier: MIT
//
// Listening and accepting on plain Winsock, for the servers that have no library for it.

#ifndef ASYNC_SOCKET_BENCH_WINDOWS_PLAIN_LISTENER_HPP
#define ASYNC_SOCKET_BENCH_WINDOWS_PLAIN_LISTENER_HPP

#include <winsock2.h>

#include <cstdint>

namespace bench {

// Starts Winsock, listens on 127.0.0.1 and announces it. INVALID_SOCKET: it does not, and has said so.
SOCKET listen_and_announce(std::uint16_t port);

// The next connection, with small messages sent at once; INVALID_SOCKET when there will be none, which it has said.
SOCKET accept_next(SOCKET listening);

} // namespace bench

#endif
