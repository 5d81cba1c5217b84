// SPDX-License-Identifier: MIT
//
// Closing a socket in other ways than in order, and the transport beneath it.

#include "api/platform/socket.hpp"
#include "api/socket/open_close.hpp"
#include "async_socket/async_socket_ex.h"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

using namespace async_socket::detail;

// SRS_ASYNC_SOCKET_EX_01_019
void async_socket_reset(ASYNC_SOCKET_HANDLE async_socket)
{
    if (refused_in_child(__func__)) {
        return;
    }
    if (async_socket == nullptr) {
        return;
    }
    static_cast<void>(close_socket(async_socket, disconnect_mode::reset));
}

// SRS_ASYNC_SOCKET_EX_01_020
int async_socket_release(ASYNC_SOCKET_HANDLE async_socket, SOCKET_HANDLE* released)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    // SRS_ASYNC_SOCKET_EX_01_021
    if (async_socket == nullptr || released == nullptr) {
        log_refused(__func__, async_socket == nullptr ? "async_socket" : "released", "is NULL");
        return 1;
    }
    lifecycle& life = core_of(async_socket).life;
    if (!life.begin_call()) {
        log_refused(__func__, "async_socket", "is not open");
        return 1;
    }
    // A handle of the caller's own: the transport's may be in use by calls on other threads, and is closed behind them.
    SOCKET_HANDLE own = no_socket;
    const bool has_own = duplicate_connection(__func__, async_socket, own);
    life.withdraw_call();
    if (!has_own) {
        return 1;
    }
    if (!close_socket(async_socket, disconnect_mode::leave_connected)) {
        close_duplicate(own);
        log_refused(__func__, "async_socket", "was closed meanwhile");
        return 1;
    }
    *released = own;
    return 0;
}

// SRS_ASYNC_SOCKET_EX_01_022
SOCKET_TRANSPORT_HANDLE async_socket_get_transport(ASYNC_SOCKET_HANDLE async_socket)
{
    if (refused_in_child(__func__)) {
        return nullptr;
    }
    if (async_socket == nullptr) {
        log_refused(__func__, "async_socket", "is NULL");
        return nullptr;
    }
    socket_core& core = core_of(async_socket);
    // It is written before the socket is open, and not while it is.
    const bool is_open = core.life.begin_visit() == lifecycle::state::open;
    SOCKET_TRANSPORT_HANDLE const transport = is_open ? core.transport : nullptr;
    end_visit(async_socket);
    return transport;
}
