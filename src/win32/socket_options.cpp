// SPDX-License-Identifier: MIT

#include "async_socket/socket_options.h"

#include <ws2tcpip.h>

#include "common/log.hpp"
#include "common/transport_options.hpp"
#include "win32/last_error.hpp"
#include "win32/socket_transport.hpp"

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
    if (setsockopt(transport->socket, wanted.level, wanted.name, reinterpret_cast<const char*>(&number),
                   sizeof number) != 0) {
        log_system_failure(function, wanted.text, static_cast<DWORD>(WSAGetLastError()));
        return false;
    }
    return true;
}

bool platform_options::get(const char* function, SOCKET_TRANSPORT_HANDLE transport, socket_option which,
                           std::uint32_t& value) noexcept
{
    const option& wanted = option_of(which);
    int number = 0;
    int size = sizeof number;
    if (getsockopt(transport->socket, wanted.level, wanted.name, reinterpret_cast<char*>(&number), &size) != 0) {
        log_system_failure(function, "getsockopt", static_cast<DWORD>(WSAGetLastError()));
        return false;
    }
    value = static_cast<std::uint32_t>(number);
    return true;
}

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

bool platform_options::set_keep_alive(const char* function, SOCKET_TRANSPORT_HANDLE transport,
                                      const SOCKET_KEEP_ALIVE& wanted) noexcept
{
    return knows_keep_alive_options(transport->socket)
               ? common_options::set_keep_alive_options(function, transport, wanted)
               : set_keep_alive_values(function, transport->socket, wanted);
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

// SRS_SOCKET_OPTIONS_01_006
int socket_transport_get_peer_endpoint(SOCKET_TRANSPORT_HANDLE socket_transport, char* host, size_t size,
                                       uint16_t* port)
{
    if (host == nullptr || port == nullptr) {
        log_refused(__func__, host == nullptr ? "host" : "port", "is NULL");
        return 1;
    }
    const char* const function = __func__;
    return common_options::with_socket(function, socket_transport, false, [=] {
        sockaddr_storage address{};
        int length = sizeof address;
        if (getpeername(socket_transport->socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
            log_system_failure(function, "getpeername", static_cast<DWORD>(WSAGetLastError()));
            return false;
        }
        return write_endpoint(function, address, length, host, size, port);
    });
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
        log_refused(__func__, "socket_transport", "is owned by an async socket or listener");
        return 1;
    }
    if (!socket_transport->gate.close_unused()) {
        socket_transport->is_owned.store(false, std::memory_order_release);
        log_refused(__func__, "socket_transport", "is neither connected nor listening, or is in use");
        return 1;
    }
    const SOCKET socket = socket_transport->socket;
    // The event that it is bound to where it listens goes with the transport.
    if (socket_transport->type == SOCKET_BINDING && !make_blocking(socket)) {
        log_system_failure(__func__, "WSAEventSelect", static_cast<DWORD>(WSAGetLastError()));
    }
    *released = reinterpret_cast<SOCKET_HANDLE>(socket);
    if (socket_transport->disconnected != nullptr) {
        SetEvent(socket_transport->disconnected);
    }
    // What the open gate has held.
    transport_release(socket_transport);
    return 0;
}
