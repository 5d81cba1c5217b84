// SPDX-License-Identifier: MIT
//
// What the system itself says of a socket's options. CMake picks the file.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_PLATFORM_SOCKET_OPTIONS_H
#define ASYNC_SOCKET_TESTS_CONTRACT_PLATFORM_SOCKET_OPTIONS_H

#include <cstdint>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "async_socket/socket_options.h"

namespace contract {

inline int option_of(SOCKET_HANDLE socket, int level, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    return ::getsockopt(socket, level, name, &value, &size) == 0 ? value : -1;
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
    const int idle = option_of(socket, IPPROTO_TCP, TCP_KEEPIDLE);
    const int interval = option_of(socket, IPPROTO_TCP, TCP_KEEPINTVL);
    const int count = option_of(socket, IPPROTO_TCP, TCP_KEEPCNT);
    if (idle == -1 || interval == -1 || count == -1) {
        return false;
    }
    set = {static_cast<std::uint32_t>(idle), static_cast<std::uint32_t>(interval), static_cast<std::uint32_t>(count)};
    return true;
}

} // namespace contract

#endif
