// SPDX-License-Identifier: MIT

#include "async_socket/async_socket_ex.h"

#include "win32/async_socket.hpp"

#include "common/arguments.hpp"
#include "common/log.hpp"
#include "win32/execution_engine.hpp"

namespace async_socket::detail {

// SRS_ASYNC_SOCKET_EX_01_011, SRS_ASYNC_SOCKET_EX_01_012
int cancel_operation(const char* function, const char* handle_name, ASYNC_SOCKET_HANDLE socket,
                     ASYNC_OPERATION_ID id) noexcept
{
    if (!check_cancel_arguments(function, handle_name, socket, id)) {
        return 1;
    }
    const lifecycle::state state = socket->life.begin_visit();
    const bool may_cancel = state == lifecycle::state::open || state == lifecycle::state::connecting;
    if (may_cancel) {
        const std::lock_guard lock(socket->operations.mutex);
        socket->operations.cancel(id);
    } else {
        log_refused(function, handle_name, "is not open");
    }
    if (socket->life.end_visit()) {
        free_socket(socket);
    }
    return may_cancel ? 0 : 1;
}

// SRS_ASYNC_SOCKET_EX_01_014
int cancel_operation_and_wait(const char* function, const char* handle_name, ASYNC_SOCKET_HANDLE socket,
                              ASYNC_OPERATION_ID id) noexcept
{
    if (!check_cancel_arguments(function, handle_name, socket, id)) {
        return 1;
    }
    end_waiter waiter;
    static_cast<void>(socket->life.begin_visit());
    bool is_linked = false;
    {
        const std::lock_guard lock(socket->operations.mutex);
        is_linked = socket->operations.cancel_and_link(id, waiter);
    }
    // Not counted while it waits: a close inside the callback that it waits for would wait for it.
    if (socket->life.end_visit()) {
        free_socket(socket);
    }
    if (is_linked) {
        const blocked_thread blocked;
        // The socket may be gone before the end of it. Nobody here waits by working, so nobody asks for its life.
        waiter.wait(lifecycle());
    }
    return 0;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_socket_cancel(ASYNC_SOCKET_HANDLE async_socket, ASYNC_OPERATION_ID id)
{
    return cancel_operation(__func__, "async_socket", async_socket, id);
}

int async_socket_cancel_and_wait(ASYNC_SOCKET_HANDLE async_socket, ASYNC_OPERATION_ID id)
{
    return cancel_operation_and_wait(__func__, "async_socket", async_socket, id);
}
