// SPDX-License-Identifier: MIT

#include "api/platform/operations.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/socket/socket.hpp"

namespace async_socket::detail {

bool cancel_operation(const char*, ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept
{
    const std::lock_guard lock(socket->operations.mutex);
    socket->operations.cancel(id);
    return true;
}

void cancel_operation_and_wait(ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept
{
    end_waiter waiter;
    bool is_linked = false;
    {
        const std::lock_guard lock(socket->operations.mutex);
        is_linked = socket->operations.cancel_and_link(id, waiter);
    }
    // Not counted while it waits: a close inside the callback that it waits for would wait for it.
    end_visit(socket);
    if (is_linked) {
        const blocked_thread blocked;
        // The socket may be gone before the end of it. Nobody here waits by working, so nobody asks for its life.
        waiter.wait(lifecycle());
    }
}

} // namespace async_socket::detail
