// SPDX-License-Identifier: MIT

#include "async_socket/socket_options.h"

#include <ws2tcpip.h>

#include "common/log.hpp"
#include "common/socket_option_bounds.hpp"
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

constexpr option no_delay_option{IPPROTO_TCP, TCP_NODELAY, "setsockopt(TCP_NODELAY)"};
constexpr option keep_alive_option{SOL_SOCKET, SO_KEEPALIVE, "setsockopt(SO_KEEPALIVE)"};
constexpr option idle_option{IPPROTO_TCP, TCP_KEEPIDLE, "setsockopt(TCP_KEEPIDLE)"};
constexpr option interval_option{IPPROTO_TCP, TCP_KEEPINTVL, "setsockopt(TCP_KEEPINTVL)"};
constexpr option count_option{IPPROTO_TCP, TCP_KEEPCNT, "setsockopt(TCP_KEEPCNT)"};
constexpr option send_buffer_option{SOL_SOCKET, SO_SNDBUF, "setsockopt(SO_SNDBUF)"};
constexpr option receive_buffer_option{SOL_SOCKET, SO_RCVBUF, "setsockopt(SO_RCVBUF)"};

bool set(const char* function, SOCKET socket, const option& which, std::uint32_t value) noexcept
{
    const int number = static_cast<int>(value);
    if (setsockopt(socket, which.level, which.name, reinterpret_cast<const char*>(&number), sizeof number) != 0) {
        log_system_failure(function, which.text, static_cast<DWORD>(WSAGetLastError()));
        return false;
    }
    return true;
}

bool get(const char* function, SOCKET socket, const option& which, std::uint32_t& value) noexcept
{
    int number = 0;
    int size = sizeof number;
    if (getsockopt(socket, which.level, which.name, reinterpret_cast<char*>(&number), &size) != 0) {
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
    return getsockopt(socket, count_option.level, count_option.name, reinterpret_cast<char*>(&number), &size) == 0 ||
           WSAGetLastError() != WSAENOPROTOOPT;
}

// Calls `change(socket)` on a connected transport, or on a listening one where that may be.
template <typename change_function>
int with_socket(const char* function, SOCKET_TRANSPORT_HANDLE transport, bool may_listen,
                change_function change) noexcept
{
    if (transport == nullptr) {
        log_refused(function, "socket_transport", "is NULL");
        return 1;
    }
    const transport_use use(transport);
    if (!use || (transport->type != SOCKET_CLIENT && !may_listen)) {
        log_refused(function, "socket_transport",
                    may_listen ? "is neither connected nor listening" : "is not connected");
        return 1;
    }
    return change(transport->socket) ? 0 : 1;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

// SRS_SOCKET_OPTIONS_01_001
int socket_transport_set_no_delay(SOCKET_TRANSPORT_HANDLE socket_transport, bool no_delay)
{
    const char* const function = __func__;
    return with_socket(function, socket_transport, false,
                       [=](SOCKET socket) { return set(function, socket, no_delay_option, no_delay ? 1 : 0); });
}

// SRS_SOCKET_OPTIONS_01_002
int socket_transport_set_keep_alive(SOCKET_TRANSPORT_HANDLE socket_transport, const SOCKET_KEEP_ALIVE* keep_alive)
{
    const char* const function = __func__;
    // SRS_SOCKET_OPTIONS_01_003
    if (keep_alive != nullptr && !check_keep_alive(function, *keep_alive)) {
        return 1;
    }
    return with_socket(function, socket_transport, false, [=](SOCKET socket) {
        if (keep_alive == nullptr) {
            return set(function, socket, keep_alive_option, 0);
        }
        if (!knows_keep_alive_options(socket)) {
            return set_keep_alive_values(function, socket, *keep_alive);
        }
        // It is turned on last: what goes before changes nothing by itself.
        return set(function, socket, idle_option, keep_alive->idle_s) &&
               set(function, socket, interval_option, keep_alive->interval_s) &&
               set(function, socket, count_option, keep_alive->count) && set(function, socket, keep_alive_option, 1);
    });
}

// SRS_SOCKET_OPTIONS_01_004
int socket_transport_set_buffer_sizes(SOCKET_TRANSPORT_HANDLE socket_transport, uint32_t send_bytes,
                                      uint32_t receive_bytes)
{
    const char* const function = __func__;
    if (!check_buffer_sizes(function, send_bytes, receive_bytes)) {
        return 1;
    }
    return with_socket(function, socket_transport, true, [=](SOCKET socket) {
        return (send_bytes == 0 || set(function, socket, send_buffer_option, send_bytes)) &&
               (receive_bytes == 0 || set(function, socket, receive_buffer_option, receive_bytes));
    });
}

// SRS_SOCKET_OPTIONS_01_005
int socket_transport_get_buffer_sizes(SOCKET_TRANSPORT_HANDLE socket_transport, uint32_t* send_bytes,
                                      uint32_t* receive_bytes)
{
    const char* const function = __func__;
    if (send_bytes == nullptr && receive_bytes == nullptr) {
        log_refused(function, "send_bytes and receive_bytes", "are both NULL");
        return 1;
    }
    return with_socket(function, socket_transport, true, [=](SOCKET socket) {
        std::uint32_t sends = 0;
        std::uint32_t receives = 0;
        if (!get(function, socket, send_buffer_option, sends) ||
            !get(function, socket, receive_buffer_option, receives)) {
            return false;
        }
        if (send_bytes != nullptr) {
            *send_bytes = sends;
        }
        if (receive_bytes != nullptr) {
            *receive_bytes = receives;
        }
        return true;
    });
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
    return with_socket(function, socket_transport, false, [=](SOCKET socket) {
        sockaddr_storage address{};
        int length = sizeof address;
        if (getpeername(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
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
