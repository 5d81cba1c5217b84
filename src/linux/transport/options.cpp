// SPDX-License-Identifier: MIT

#include "api/platform/options.hpp"

#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cerrno>
#include <cstddef>

#include "linux/system/system_error.hpp"
#include "linux/transport/socket_transport.hpp"

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

} // namespace

bool set_option(const char* function, SOCKET_TRANSPORT_HANDLE transport, socket_option which,
                std::uint32_t value) noexcept
{
    const option wanted = options[static_cast<std::size_t>(which)];
    const int number = static_cast<int>(value);
    if (setsockopt(transport->fd, wanted.level, wanted.name, &number, sizeof number) != 0) {
        log_system_failure(function, set_option_calls[static_cast<std::size_t>(which)], errno);
        return false;
    }
    return true;
}

bool get_option(const char* function, SOCKET_TRANSPORT_HANDLE transport, socket_option which,
                std::uint32_t& value) noexcept
{
    const option wanted = options[static_cast<std::size_t>(which)];
    int number = 0;
    socklen_t size = sizeof number;
    if (getsockopt(transport->fd, wanted.level, wanted.name, &number, &size) != 0) {
        log_system_failure(function, "getsockopt", errno);
        return false;
    }
    value = static_cast<std::uint32_t>(number);
    return true;
}

bool set_keep_alive(const char* function, SOCKET_TRANSPORT_HANDLE transport, const SOCKET_KEEP_ALIVE& wanted) noexcept
{
    return set_keep_alive_options(function, transport, wanted);
}

} // namespace async_socket::detail
