// SPDX-License-Identifier: MIT

#include "api/platform/options.hpp"

#include <ws2tcpip.h>

#include <cstddef>

#include "win32/system/last_error.hpp"
#include "win32/transport/socket_transport.hpp"

// Windows 10 has them since version 1709; older headers lack the names.
#ifndef TCP_KEEPIDLE
#define TCP_KEEPIDLE 3
#endif
#ifndef TCP_KEEPCNT
#define TCP_KEEPCNT 16
#endif
#ifndef TCP_KEEPINTVL
#define TCP_KEEPINTVL 17
#endif
// And this is in <mstcpip.h>, which has little else to it.
#ifndef SIO_KEEPALIVE_VALS
#define SIO_KEEPALIVE_VALS 0x98000004u
#endif

namespace async_socket::detail {

namespace {

struct option {
    int level;
    int name;
};

// In the order of socket_option.
constexpr option options[] = {
    {IPPROTO_TCP, TCP_NODELAY}, {SOL_SOCKET, SO_KEEPALIVE}, {IPPROTO_TCP, TCP_KEEPIDLE}, {IPPROTO_TCP, TCP_KEEPINTVL},
    {IPPROTO_TCP, TCP_KEEPCNT}, {SOL_SOCKET, SO_SNDBUF},    {SOL_SOCKET, SO_RCVBUF},
};

// The way of a system that does not know the options: it has no count, but always asks as often as it likes.
bool set_keep_alive_values(const char* function, SOCKET socket, const SOCKET_KEEP_ALIVE& wanted) noexcept
{
    struct {
        ULONG on;
        ULONG idle_ms;
        ULONG interval_ms;
    } values{1, wanted.idle_s * 1000, wanted.interval_s * 1000};
    DWORD size = 0;
    if (WSAIoctl(socket, SIO_KEEPALIVE_VALS, &values, sizeof values, nullptr, 0, &size, nullptr, nullptr) != 0) {
        log_system_failure(function, "WSAIoctl(SIO_KEEPALIVE_VALS)", static_cast<DWORD>(WSAGetLastError()));
        return false;
    }
    return true;
}

bool knows_keep_alive_options(SOCKET socket) noexcept
{
    int number = 0;
    int size = sizeof number;
    return getsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, reinterpret_cast<char*>(&number), &size) == 0 ||
           WSAGetLastError() != WSAENOPROTOOPT;
}

} // namespace

bool set_option(const char* function, SOCKET_TRANSPORT_HANDLE transport, socket_option which,
                std::uint32_t value) noexcept
{
    const option wanted = options[static_cast<std::size_t>(which)];
    const int number = static_cast<int>(value);
    if (setsockopt(transport->socket, wanted.level, wanted.name, reinterpret_cast<const char*>(&number),
                   sizeof number) != 0) {
        log_system_failure(function, set_option_calls[static_cast<std::size_t>(which)],
                           static_cast<DWORD>(WSAGetLastError()));
        return false;
    }
    return true;
}

bool get_option(const char* function, SOCKET_TRANSPORT_HANDLE transport, socket_option which,
                std::uint32_t& value) noexcept
{
    const option wanted = options[static_cast<std::size_t>(which)];
    int number = 0;
    int size = sizeof number;
    if (getsockopt(transport->socket, wanted.level, wanted.name, reinterpret_cast<char*>(&number), &size) != 0) {
        log_system_failure(function, "getsockopt", static_cast<DWORD>(WSAGetLastError()));
        return false;
    }
    value = static_cast<std::uint32_t>(number);
    return true;
}

bool set_keep_alive(const char* function, SOCKET_TRANSPORT_HANDLE transport, const SOCKET_KEEP_ALIVE& wanted) noexcept
{
    return knows_keep_alive_options(transport->socket) ? set_keep_alive_options(function, transport, wanted)
                                                       : set_keep_alive_values(function, transport->socket, wanted);
}

} // namespace async_socket::detail
