// SPDX-License-Identifier: MIT

#include <cerrno>

#include "api/platform/operations.hpp"
#include "common/diagnostics/log.hpp"
#include "linux/engine/worker.hpp"
#include "linux/socket/socket.hpp"
#include "linux/system/system_error.hpp"

namespace async_socket::detail {

namespace {

// The life that nobody on this thread waits for.
constinit lifecycle waiting_elsewhere;

} // namespace

bool cancel_operation(const char* function, ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept
{
    // A visit that goes with the request; the caller's keeps the worker until it has been told.
    if (!socket->life.begin_lasting_visit()) {
        log_refused(function, "async_socket", "has more under way than can be counted");
        return false;
    }
    if (!socket->worker.load(std::memory_order_relaxed)->cancel(socket, id)) {
        end_visit(socket);
        log_system_failure(function, "operator new", ENOMEM);
        return false;
    }
    return true;
}

void cancel_operation_and_wait(ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept
{
    worker* const whose = socket->worker.load(std::memory_order_relaxed);
    if (whose == nullptr) {
        end_visit(socket);
        return;
    }
    if (worker::current() == whose) {
        whose->cancel_and_wait_here(socket, id);
        return;
    }
    end_waiter waiter;
    cancel_request request(socket, id, &waiter);
    {
        // As above. Not while it waits, for a close inside the callback waits for visits.
        const visit own(socket);
        whose->post_cancel(request);
    }
    waiter.wait(waiting_elsewhere);
}

} // namespace async_socket::detail
