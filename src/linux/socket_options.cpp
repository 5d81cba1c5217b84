// SPDX-License-Identifier: MIT

#include "async_socket/socket_options.h"

#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cerrno>
#include <climits>

#include "common/log.hpp"
#include "common/socket_option_bounds.hpp"
#include "linux/socket_transport.hpp"
#include "linux/system_error.hpp"

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

bool set(const char* function, int socket, const option& which, std::uint32_t value) noexcept
{
    const int number = static_cast<int>(value);
    if (setsockopt(socket, which.level, which.name, &number, sizeof number) != 0) {
        log_system_failure(function, which.text, errno);
        return false;
    }
    return true;
}

bool get(const char* function, int socket, const option& which, std::uint32_t& value) noexcept
{
    int number = 0;
    socklen_t size = sizeof number;
    if (getsockopt(socket, which.level, which.name, &number, &size) != 0) {
        log_system_failure(function, "getsockopt", errno);
        return false;
    }
    value = static_cast<std::uint32_t>(number);
    return true;
}

// Calls `change(fd)` on a connected transport, or on a listening one where that may be.
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
    return change(transport->fd) ? 0 : 1;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

// SRS_SOCKET_OPTIONS_01_001
int socket_transport_set_no_delay(SOCKET_TRANSPORT_HANDLE socket_transport, bool no_delay)
{
    const char* const function = __func__;
    return with_socket(function, socket_transport, false,
                       [=](int socket) { return set(function, socket, no_delay_option, no_delay ? 1 : 0); });
}

// SRS_SOCKET_OPTIONS_01_002
int socket_transport_set_keep_alive(SOCKET_TRANSPORT_HANDLE socket_transport, const SOCKET_KEEP_ALIVE* keep_alive)
{
    const char* const function = __func__;
    // SRS_SOCKET_OPTIONS_01_003
    if (keep_alive != nullptr && !check_keep_alive(function, *keep_alive)) {
        return 1;
    }
    return with_socket(function, socket_transport, false, [=](int socket) {
        if (keep_alive == nullptr) {
            return set(function, socket, keep_alive_option, 0);
        }
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
    return with_socket(function, socket_transport, true, [=](int socket) {
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
    return with_socket(function, socket_transport, true, [=](int socket) {
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
