// SPDX-License-Identifier: MIT

#include "async_socket/socket_options.h"

#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cerrno>

#include "common/log.hpp"
#include "common/transport_options.hpp"
#include "linux/socket_transport.hpp"
#include "linux/system_error.hpp"

namespace async_socket::detail {

namespace {

struct option {
    int level;
    int name;
    const char* text;
};

// In the order of socket_option.
constexpr option options[socket_option_count] = {
    {IPPROTO_TCP, TCP_NODELAY, "setsockopt(TCP_NODELAY)"},   {SOL_SOCKET, SO_KEEPALIVE, "setsockopt(SO_KEEPALIVE)"},
    {IPPROTO_TCP, TCP_KEEPIDLE, "setsockopt(TCP_KEEPIDLE)"}, {IPPROTO_TCP, TCP_KEEPINTVL, "setsockopt(TCP_KEEPINTVL)"},
    {IPPROTO_TCP, TCP_KEEPCNT, "setsockopt(TCP_KEEPCNT)"},   {SOL_SOCKET, SO_SNDBUF, "setsockopt(SO_SNDBUF)"},
    {SOL_SOCKET, SO_RCVBUF, "setsockopt(SO_RCVBUF)"},
};

const option& option_of(socket_option which) noexcept
{
    return options[static_cast<std::size_t>(which)];
}

struct platform_options {
    using use = transport_use;

    static bool is_connected(SOCKET_TRANSPORT_HANDLE transport) noexcept { return transport->type == SOCKET_CLIENT; }

    static bool set(const char* function, SOCKET_TRANSPORT_HANDLE transport, socket_option which,
                    std::uint32_t value) noexcept;
    static bool get(const char* function, SOCKET_TRANSPORT_HANDLE transport, socket_option which,
                    std::uint32_t& value) noexcept;
    static bool set_keep_alive(const char* function, SOCKET_TRANSPORT_HANDLE transport,
                               const SOCKET_KEEP_ALIVE& wanted) noexcept;
};

using common_options = transport_options<platform_options>;

bool platform_options::set(const char* function, SOCKET_TRANSPORT_HANDLE transport, socket_option which,
                           std::uint32_t value) noexcept
{
    const option& wanted = option_of(which);
    const int number = static_cast<int>(value);
    if (setsockopt(transport->fd, wanted.level, wanted.name, &number, sizeof number) != 0) {
        log_system_failure(function, wanted.text, errno);
        return false;
    }
    return true;
}

bool platform_options::get(const char* function, SOCKET_TRANSPORT_HANDLE transport, socket_option which,
                           std::uint32_t& value) noexcept
{
    const option& wanted = option_of(which);
    int number = 0;
    socklen_t size = sizeof number;
    if (getsockopt(transport->fd, wanted.level, wanted.name, &number, &size) != 0) {
        log_system_failure(function, "getsockopt", errno);
        return false;
    }
    value = static_cast<std::uint32_t>(number);
    return true;
}

bool platform_options::set_keep_alive(const char* function, SOCKET_TRANSPORT_HANDLE transport,
                                      const SOCKET_KEEP_ALIVE& wanted) noexcept
{
    return common_options::set_keep_alive_options(function, transport, wanted);
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

int socket_transport_set_no_delay(SOCKET_TRANSPORT_HANDLE socket_transport, bool no_delay)
{
    return common_options::set_no_delay(__func__, socket_transport, no_delay);
}

int socket_transport_set_keep_alive(SOCKET_TRANSPORT_HANDLE socket_transport, const SOCKET_KEEP_ALIVE* keep_alive)
{
    return common_options::set_keep_alive(__func__, socket_transport, keep_alive);
}

int socket_transport_set_buffer_sizes(SOCKET_TRANSPORT_HANDLE socket_transport, uint32_t send_bytes,
                                      uint32_t receive_bytes)
{
    return common_options::set_buffer_sizes(__func__, socket_transport, send_bytes, receive_bytes);
}

int socket_transport_get_buffer_sizes(SOCKET_TRANSPORT_HANDLE socket_transport, uint32_t* send_bytes,
                                      uint32_t* receive_bytes)
{
    return common_options::get_buffer_sizes(__func__, socket_transport, send_bytes, receive_bytes);
}

// SRS_SOCKET_OPTIONS_01_007
void socket_transport_reset(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    if (socket_transport == nullptr) {
        log_refused(__func__, "socket_transport", "is NULL");
        return;
    }
    transport_disconnect(socket_transport, disconnect_mode::reset);
}

// SRS_SOCKET_OPTIONS_01_008
int socket_transport_release(SOCKET_TRANSPORT_HANDLE socket_transport, SOCKET_HANDLE* released)
{
    if (socket_transport == nullptr || released == nullptr) {
        log_refused(__func__, socket_transport == nullptr ? "socket_transport" : "released", "is NULL");
        return 1;
    }
    // SRS_SOCKET_OPTIONS_01_009
    if (socket_transport->is_owned.exchange(true, std::memory_order_acq_rel)) {
        log_refused(__func__, "socket_transport", "is owned by another");
        return 1;
    }
    if (!socket_transport->gate.close_unused()) {
        socket_transport->is_owned.store(false, std::memory_order_release);
        log_refused(__func__, "socket_transport", "is neither connected nor listening, or is in use");
        return 1;
    }
    *released = socket_transport->fd;
    socket_transport->signal_disconnected();
    // What the open gate has held.
    transport_release(socket_transport);
    return 0;
}
