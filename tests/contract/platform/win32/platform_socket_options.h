// SPDX-License-Identifier: MIT
//
// What the system itself says of a socket's options. CMake picks the file.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_PLATFORM_SOCKET_OPTIONS_H
#define ASYNC_SOCKET_TESTS_CONTRACT_PLATFORM_SOCKET_OPTIONS_H

#include <cstdint>

#include <winsock2.h>
#include <ws2tcpip.h>

#include "async_socket/socket_options.h"

namespace contract {

inline int option_of(SOCKET_HANDLE socket, int level, int name)
{
    int value = 0; // Wine writes one byte of some
    int size = sizeof value;
    return ::getsockopt(reinterpret_cast<SOCKET>(socket), level, name, reinterpret_cast<char*>(&value), &size) == 0
               ? value
               : -1;
}

inline bool no_delay_of(SOCKET_HANDLE socket)
{
    return option_of(socket, IPPROTO_TCP, TCP_NODELAY) > 0;
}

inline bool keeps_alive(SOCKET_HANDLE socket)
{
    return option_of(socket, SOL_SOCKET, SO_KEEPALIVE) > 0;
}

// False where the system does not tell.
inline bool keep_alive_of(SOCKET_HANDLE socket, SOCKET_KEEP_ALIVE& set)
{
    static_cast<void>(socket);
    static_cast<void>(set);
    return false;
}

} // namespace contract

#endif
