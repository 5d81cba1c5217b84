// SPDX-License-Identifier: MIT

#include "api/socket/cancel.hpp"

#include "api/platform/operations.hpp"
#include "api/platform/socket.hpp"
#include "async_socket/async_socket_ex.h"
#include "common/arguments/arguments.hpp"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

void end_visit(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (core_of(socket).life.end_visit()) {
        free_socket(socket);
    }
}

// SRS_ASYNC_SOCKET_EX_01_011, SRS_ASYNC_SOCKET_EX_01_012, SRS_ASYNC_LISTENER_01_015
int cancel(const char* function, const char* handle_name, ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept
{
    if (!check_cancel_arguments(function, handle_name, socket, id)) {
        return 1;
    }
    const lifecycle::state state = core_of(socket).life.begin_visit();
    bool is_asked = false;
    if (state == lifecycle::state::open || state == lifecycle::state::connecting) {
        is_asked = cancel_operation(function, socket, id);
    } else {
        log_refused(function, handle_name, "is neither open nor connecting");
    }
    end_visit(socket);
    return is_asked ? 0 : 1;
}

// SRS_ASYNC_SOCKET_EX_01_014, SRS_ASYNC_LISTENER_01_016
int cancel_and_wait(const char* function, const char* handle_name, ASYNC_SOCKET_HANDLE socket,
                    ASYNC_OPERATION_ID id) noexcept
{
    if (!check_cancel_arguments(function, handle_name, socket, id)) {
        return 1;
    }
    // In whatever state it is, a callback may be running still: while it is being opened, that of the connect before,
    // which may be what opens it.
    static_cast<void>(core_of(socket).life.begin_visit());
    cancel_operation_and_wait(socket, id);
    return 0;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_socket_cancel(ASYNC_SOCKET_HANDLE async_socket, ASYNC_OPERATION_ID id)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    return cancel(__func__, "async_socket", async_socket, id);
}

int async_socket_cancel_and_wait(ASYNC_SOCKET_HANDLE async_socket, ASYNC_OPERATION_ID id)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    return cancel_and_wait(__func__, "async_socket", async_socket, id);
}
