// SPDX-License-Identifier: MIT
//
// Closing a socket in other ways than in order, and the transport beneath it.

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "async_socket/async_socket_ex.h"
#include "common/log.hpp"
#include "linux/async_socket.hpp"
#include "linux/system_error.hpp"

using namespace async_socket::detail;

// SRS_ASYNC_SOCKET_EX_01_019
void async_socket_reset(ASYNC_SOCKET_HANDLE async_socket)
{
    if (async_socket == nullptr) {
        log_refused(__func__, "async_socket", "is NULL");
        return;
    }
    static_cast<void>(close_socket(async_socket, disconnect_mode::reset));
}

// SRS_ASYNC_SOCKET_EX_01_020
int async_socket_release(ASYNC_SOCKET_HANDLE async_socket, SOCKET_HANDLE* released)
{
    // SRS_ASYNC_SOCKET_EX_01_021
    if (async_socket == nullptr || released == nullptr) {
        log_refused(__func__, async_socket == nullptr ? "async_socket" : "released", "is NULL");
        return 1;
    }
    if (!async_socket->life.begin_call()) {
        log_refused(__func__, "async_socket", "is not open");
        return 1;
    }
    // A number of the caller's own: the transport's may be in use by calls on other threads, and is closed behind them.
    const int own = fcntl(async_socket->fd, F_DUPFD_CLOEXEC, 0);
    const int error = errno;
    async_socket->life.withdraw_call();
    if (own == -1) {
        log_system_failure(__func__, "fcntl(F_DUPFD_CLOEXEC)", error);
        return 1;
    }
    if (!close_socket(async_socket, disconnect_mode::leave_connected)) {
        close(own);
        log_refused(__func__, "async_socket", "was closed meanwhile");
        return 1;
    }
    *released = own;
    return 0;
}

// SRS_ASYNC_SOCKET_EX_01_022
SOCKET_TRANSPORT_HANDLE async_socket_get_transport(ASYNC_SOCKET_HANDLE async_socket)
{
    if (async_socket == nullptr) {
        log_refused(__func__, "async_socket", "is NULL");
        return nullptr;
    }
    // It is written before the socket is open, and not while it is.
    const bool is_open = async_socket->life.begin_visit() == lifecycle::state::open;
    SOCKET_TRANSPORT_HANDLE const transport = is_open ? async_socket->transport : nullptr;
    end_visit(async_socket);
    return transport;
}
