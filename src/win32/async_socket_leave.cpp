// SPDX-License-Identifier: MIT
//
// Ending a socket, or its sending side, in other ways than by close; and the transport beneath it.

#include "async_socket/async_socket_ex.h"

#include "win32/async_socket.hpp"

#include <new>

#include "common/callback_scope.hpp"
#include "common/log.hpp"
#include "win32/execution_engine.hpp"
#include "win32/last_error.hpp"
#include "win32/socket_transport.hpp"
#include "win32/status.hpp"

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
        const callback_scope scope(socket, instance);
        on_complete(context, &completion);
    }
    if (socket->life.end_operation()) {
        free_socket(socket);
    }
}

// Gives the operation to the socket. False: it has had one.
bool start_shutdown(ASYNC_SOCKET_HANDLE socket, shutdown_operation* operation) noexcept
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

// Another handle of the same socket, which lasts when the first is closed; INVALID_SOCKET and the last error on
// failure.
SOCKET duplicate(SOCKET socket) noexcept
{
    WSAPROTOCOL_INFOW info{};
    if (WSADuplicateSocketW(socket, GetCurrentProcessId(), &info) != 0) {
        return INVALID_SOCKET;
    }
    return WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0,
                      WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
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

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_socket_shutdown_send_async(ASYNC_SOCKET_HANDLE async_socket, ON_ASYNC_COMPLETE on_complete, void* context)
{
    // SRS_ASYNC_SOCKET_EX_01_018
    if (async_socket == nullptr || on_complete == nullptr) {
        log_refused(__func__, async_socket == nullptr ? "async_socket" : "on_complete", "is NULL");
        return 1;
    }
    if (!async_socket->life.begin_call()) {
        log_refused(__func__, "async_socket", "is not open");
        return 1;
    }
    auto* const operation = new (std::nothrow) shutdown_operation;
    if (operation == nullptr) {
        log_system_failure(__func__, "operator new", ERROR_OUTOFMEMORY);
    } else if (async_socket->engine->timers.prepare(__func__, async_socket->engine)) {
        operation->run = run_shutdown;
        operation->socket = async_socket;
        operation->on_complete = on_complete;
        operation->context = context;
        if (start_shutdown(async_socket, operation)) {
            async_socket->life.end_call();
            return 0;
        }
        log_refused(__func__, "async_socket", "has closed its sending side before");
    }
    delete operation;
    async_socket->life.withdraw_call();
    return 1;
}

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
    // A handle of the caller's own: the transport's may be in use by calls on other threads, and is closed behind them.
    SOCKET own = INVALID_SOCKET;
    DWORD error = WSAENOTCONN;
    {
        const transport_use use(async_socket->transport);
        if (use) {
            own = duplicate(async_socket->transport->socket);
            error = static_cast<DWORD>(WSAGetLastError());
        }
    }
    async_socket->life.withdraw_call();
    if (own == INVALID_SOCKET) {
        log_system_failure(__func__, "WSADuplicateSocketW", error);
        return 1;
    }
    if (!close_socket(async_socket, disconnect_mode::leave_connected)) {
        closesocket(own);
        log_refused(__func__, "async_socket", "was closed meanwhile");
        return 1;
    }
    *released = reinterpret_cast<SOCKET_HANDLE>(own);
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
    if (async_socket->life.end_visit()) {
        free_socket(async_socket);
    }
    return transport;
}
