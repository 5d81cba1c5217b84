// SPDX-License-Identifier: MIT

#include <cerrno>

#include "async_socket/async_socket_ex.h"
#include "common/arguments.hpp"
#include "common/log.hpp"
#include "linux/async_socket.hpp"
#include "linux/system_error.hpp"
#include "linux/worker.hpp"

namespace async_socket::detail {

namespace {

// The life that nobody on this thread waits for.
constinit lifecycle waiting_elsewhere;

} // namespace

void end_visit(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (socket->life.end_visit()) {
        free_socket(socket);
    }
}

int cancel_operation(const cancel_call& call, ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept
{
    if (!check_cancel_arguments(call.function, call.handle, socket, id)) {
        return 1;
    }
    const lifecycle::state state = socket->life.begin_visit();
    if (state != lifecycle::state::open && state != lifecycle::state::connecting) {
        end_visit(socket);
        log_refused(call.function, call.handle, "is neither open nor connecting");
        return 1;
    }
    // One visit goes with the request; this one keeps the worker until it has been told.
    const visit own(socket);
    if (!socket->worker.load(std::memory_order_relaxed)->cancel(socket, id)) {
        end_visit(socket);
        log_system_failure(call.function, "operator new", ENOMEM);
        return 1;
    }
    return 0;
}

int cancel_operation_and_wait(const cancel_call& call, ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept
{
    if (!check_cancel_arguments(call.function, call.handle, socket, id)) {
        return 1;
    }
    // In whatever state it is, a callback may be running still. While it is being opened there is none.
    const lifecycle::state state = socket->life.begin_visit();
    worker* const whose = state == lifecycle::state::opening ? nullptr : socket->worker.load(std::memory_order_relaxed);
    if (whose == nullptr) {
        end_visit(socket);
        return 0;
    }
    end_waiter waiter;
    cancel_request request(socket, id, &waiter);
    if (worker::current() == whose) {
        whose->cancel_and_wait_here(socket, id);
        return 0;
    }
    {
        // As above. Not while it waits, for a close inside the callback waits for visits.
        const visit own(socket);
        whose->post_cancel(request);
    }
    waiter.wait(waiting_elsewhere);
    return 0;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

// SRS_ASYNC_SOCKET_EX_01_011
int async_socket_cancel(ASYNC_SOCKET_HANDLE async_socket, ASYNC_OPERATION_ID id)
{
    return cancel_operation({__func__, "async_socket"}, async_socket, id);
}

// SRS_ASYNC_SOCKET_EX_01_014
int async_socket_cancel_and_wait(ASYNC_SOCKET_HANDLE async_socket, ASYNC_OPERATION_ID id)
{
    return cancel_operation_and_wait({__func__, "async_socket"}, async_socket, id);
}
