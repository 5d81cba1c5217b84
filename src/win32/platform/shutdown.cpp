// SPDX-License-Identifier: MIT
//
// Ending the sending side of a socket.

#include "win32/socket/socket.hpp"

#include <new>

#include "api/platform/operations.hpp"
#include "common/diagnostics/log.hpp"
#include "common/lifecycle/callback_scope.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/engine/spare_thread.hpp"
#include "win32/socket/status.hpp"
#include "win32/system/last_error.hpp"
#include "win32/transport/socket_transport.hpp"

namespace async_socket::detail {

// Queued when the last send has ended; that may be at once.
struct shutdown_operation : timer_entry {
    ASYNC_SOCKET_HANDLE socket = nullptr;
    ON_ASYNC_COMPLETE on_complete = nullptr;
    void* context = nullptr;
};

namespace {

// SRS_ASYNC_SOCKET_EX_01_016
ASYNC_COMPLETION shut_down(ASYNC_SOCKET_HANDLE socket) noexcept
{
    const transport_use use(socket->transport);
    if (!use || was_ended_by_this_side(socket)) {
        return {ASYNC_STATUS_CLOSED, 0, 0};
    }
    // A socket that was reset may be shut down all the same.
    DWORD error = socket->reset_error.load(std::memory_order_relaxed);
    if (error == 0) {
        if (shutdown(socket->transport->socket, SD_SEND) == 0) {
            return {ASYNC_STATUS_OK, 0, 0};
        }
        error = static_cast<DWORD>(WSAGetLastError());
    }
    log_system_failure("async_socket_shutdown_send_async", "shutdown", error);
    // Of a socket that was connected, that is what is left of a reset.
    const ASYNC_STATUS status = error == WSAENOTCONN ? ASYNC_STATUS_RESET : status_of_error(error);
    return {status, static_cast<std::int32_t>(error), 0};
}

void run_shutdown(timer_entry& timer, PTP_CALLBACK_INSTANCE instance) noexcept
{
    auto* const ended = static_cast<shutdown_operation*>(&timer);
    const ASYNC_SOCKET_HANDLE socket = ended->socket;
    const ON_ASYNC_COMPLETE on_complete = ended->on_complete;
    void* const context = ended->context;
    delete ended;
    const ASYNC_COMPLETION completion = shut_down(socket);
    {
        const pool_callback callback(socket->engine);
        const callback_scope scope(socket, instance);
        on_complete(context, &completion);
    }
    if (socket->life.end_operation()) {
        free_socket(socket);
    }
}

// Gives the operation to the socket. False: it has had one.
bool give_shutdown(ASYNC_SOCKET_HANDLE socket, shutdown_operation* operation) noexcept
{
    shutdown_operation* none = nullptr;
    if (!socket->shutdown.compare_exchange_strong(none, operation, std::memory_order_acq_rel)) {
        return false;
    }
    // SRS_ASYNC_SOCKET_EX_01_017. The last send to end starts it, or this call where there is none.
    if (socket->sends_under_way.fetch_or(sending_side_closed, std::memory_order_acq_rel) == 0) {
        socket->engine->timers.schedule(*operation, 0);
    }
    return true;
}

} // namespace

bool begin_send(ASYNC_SOCKET_HANDLE socket) noexcept
{
    std::uint32_t sends = socket->sends_under_way.load(std::memory_order_relaxed);
    while ((sends & sending_side_closed) == 0) {
        if (socket->sends_under_way.compare_exchange_weak(sends, sends + 1, std::memory_order_acq_rel,
                                                          std::memory_order_relaxed)) {
            return true;
        }
    }
    return false;
}

void end_send(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (socket->sends_under_way.fetch_sub(1, std::memory_order_acq_rel) == sending_side_closed + 1) {
        socket->engine->timers.schedule(*socket->shutdown.load(std::memory_order_acquire), 0);
    }
}

void note_error_of_send(ASYNC_SOCKET_HANDLE socket, DWORD error) noexcept
{
    if (error != NO_ERROR && status_of_error(error) == ASYNC_STATUS_RESET) {
        socket->reset_error.store(error, std::memory_order_relaxed);
    }
}

bool start_shutdown(const char* function, ASYNC_SOCKET_HANDLE socket, const operation_request& request) noexcept
{
    auto* const operation = new (std::nothrow) shutdown_operation;
    if (operation == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        return false;
    }
    if (socket->engine->timers.prepare(function, socket->engine)) {
        operation->run = run_shutdown;
        operation->socket = socket;
        operation->on_complete = request.callback.complete;
        operation->context = request.context;
        if (give_shutdown(socket, operation)) {
            return true;
        }
        log_refused(function, "async_socket", "has closed its sending side before");
    }
    delete operation;
    return false;
}

} // namespace async_socket::detail
