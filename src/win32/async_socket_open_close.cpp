// SPDX-License-Identifier: MIT

#include "win32/async_socket.hpp"

#include <chrono>

#include "common/arguments.hpp"
#include "common/callback_scope.hpp"
#include "common/log.hpp"
#include "win32/connect_operation.hpp"
#include "win32/execution_engine.hpp"
#include "win32/io_operation.hpp"
#include "win32/last_error.hpp"
#include "win32/socket_transport.hpp"

namespace async_socket::detail {

namespace {

// How long a close waits for the operations before it cancels once more.
constexpr std::chrono::milliseconds cancel_again{50};

} // namespace

bool bind_to_pool(const char* function, ASYNC_SOCKET_HANDLE socket, SOCKET_TRANSPORT_HANDLE transport,
                  SOCKET_TYPE type) noexcept
{
    transport_use use(transport);
    if (!use || transport->type != type) {
        log_refused(function, "socket_transport", type == SOCKET_CLIENT ? "is not connected" : "is not listening");
        return false;
    }
    // SRS_ASYNC_SOCKET_GUARANTEE_01_001
    if (transport->is_owned.exchange(true, std::memory_order_acq_rel)) {
        log_refused(function, "socket_transport", "is owned by another async socket or listener");
        return false;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_016
    InitializeThreadpoolEnvironment(&socket->environment);
    // SRS_ASYNC_SOCKET_WIN32_01_036
    SetThreadpoolCallbackPool(&socket->environment, socket->pool);
    // SRS_ASYNC_SOCKET_WIN32_01_058
    socket->io = CreateThreadpoolIo(socket_transport_get_underlying_socket(transport), on_io_complete, socket,
                                    &socket->environment);
    if (socket->io == nullptr) {
        // SRS_ASYNC_SOCKET_WIN32_01_039
        log_system_failure(function, "CreateThreadpoolIo", GetLastError());
        DestroyThreadpoolEnvironment(&socket->environment);
        transport->is_owned.store(false, std::memory_order_release);
        return false;
    }
    // SRS_ASYNC_SOCKET_GUARANTEE_01_001: while it is in use, for its handle may be destroyed at any time.
    transport_add_reference(transport);
    socket->transport = transport;
    // SRS_ASYNC_SOCKET_WIN32_01_109: whoever disconnects the transport, the handle stays open until close.
    use.keep();
    socket->engine->open_sockets.add(1);
    return true;
}

namespace {

// Lets WaitForThreadpoolIoCallbacks leave out the callbacks of the socket on the stack of this thread.
// SRS_ASYNC_SOCKET_GUARANTEE_01_005
void disassociate_own_callbacks(ASYNC_SOCKET_HANDLE socket) noexcept
{
    for (const callback_scope* scope = callback_scope::innermost(); scope != nullptr; scope = scope->outer()) {
        // The open callback is none of the pool's.
        if (scope->socket() == socket && scope->platform_callback() != nullptr) {
            disassociate_from(static_cast<PTP_CALLBACK_INSTANCE>(scope->platform_callback()));
        }
    }
}

// SRS_ASYNC_CONNECT_01_011: whether there is a connect, which then ends.
bool end_connect(ASYNC_SOCKET_HANDLE socket) noexcept
{
    const std::lock_guard lock(socket->operations.mutex);
    if (socket->connecting == nullptr) {
        return false;
    }
    socket->connecting->end_early();
    return true;
}

// Those that wait for resources of the system have nothing to wait for any more. SRS_ASYNC_LISTENER_01_007
void hurry_accepts(ASYNC_SOCKET_HANDLE socket) noexcept
{
    const std::lock_guard lock(socket->operations.mutex);
    socket->operations.cancel_all();
}

// A connect sees to its own attempts.
void cancel_pending(ASYNC_SOCKET_HANDLE socket) noexcept
{
    bool is_connecting = false;
    {
        const std::lock_guard lock(socket->operations.mutex);
        is_connecting = socket->connecting != nullptr;
    }
    if (!is_connecting && socket->transport != nullptr) {
        transport_cancel(socket->transport);
    }
}

} // namespace

bool close_socket(ASYNC_SOCKET_HANDLE socket, disconnect_mode mode) noexcept
{
    const std::uint32_t own = callback_scope::depth(socket);
    // SRS_ASYNC_SOCKET_WIN32_01_022, SRS_ASYNC_SOCKET_WIN32_01_019
    if (!socket->life.begin_close(own != 0)) {
        return false;
    }
    callback_scope::mark_closing(socket);
    const blocked_thread blocked;

    // SRS_ASYNC_SOCKET_WIN32_01_020
    socket->life.wait_for_calls();
    // SRS_ASYNC_SOCKET_WIN32_01_107: ends what is pending, for which the next steps wait.
    if (!end_connect(socket) && socket->transport != nullptr) {
        transport_disconnect(socket->transport, mode);
    }
    if (socket->listener != nullptr) {
        hurry_accepts(socket);
    }
    // SRS_ASYNC_SOCKET_GUARANTEE_01_004: the open callback, too, which is none of the pool's.
    // SRS_ASYNC_SOCKET_WIN32_01_110: Wine's cancel misses an operation that Wine is just trying to carry out.
    while (!socket->life.wait_briefly_for_operations(own, cancel_again)) {
        cancel_pending(socket);
    }
    if (socket->io != nullptr) {
        // SRS_ASYNC_SOCKET_WIN32_01_109
        transport_use::leave(socket->transport);
        disassociate_own_callbacks(socket);
        // SRS_ASYNC_SOCKET_WIN32_01_040
        WaitForThreadpoolIoCallbacks(socket->io, FALSE);
        // SRS_ASYNC_SOCKET_WIN32_01_059
        CloseThreadpoolIo(socket->io);
        // SRS_ASYNC_SOCKET_WIN32_01_042
        DestroyThreadpoolEnvironment(&socket->environment);
        socket->engine->open_sockets.add(std::uint64_t{0} - 1);
        // The callbacks on the stack of this thread have given theirs back before they began.
        io_operation::destroy_kept(socket);
    }
    // SRS_ASYNC_SOCKET_WIN32_01_021
    if (socket->life.complete_close()) {
        free_socket(socket);
    }
    return true;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_socket_open_async(ASYNC_SOCKET_HANDLE async_socket, SOCKET_TRANSPORT_HANDLE socket_transport,
                            ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context)
{
    if (!check_open_arguments(async_socket, socket_transport, on_open_complete)) {
        return 1;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_015, SRS_ASYNC_SOCKET_WIN32_01_023
    if (!async_socket->life.begin_open()) {
        log_refused(__func__, "async_socket", "is open, being opened or closed, or was open before");
        return 1;
    }
    if (!bind_to_pool(__func__, async_socket, socket_transport, SOCKET_CLIENT)) {
        // SRS_ASYNC_SOCKET_WIN32_01_039
        async_socket->life.abandon_open();
        return 1;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_094
    async_socket->life.complete_open(0);
    {
        // SRS_ASYNC_SOCKET_WIN32_01_017, SRS_ASYNC_SOCKET_WIN32_01_009
        const callback_scope scope(async_socket, nullptr);
        on_open_complete(context, ASYNC_SOCKET_OPEN_OK);
    }
    if (async_socket->life.end_operation()) {
        free_socket(async_socket);
    }
    // SRS_ASYNC_SOCKET_WIN32_01_014
    return 0;
}

void async_socket_close(ASYNC_SOCKET_HANDLE async_socket)
{
    // SRS_ASYNC_SOCKET_WIN32_01_018
    if (async_socket == nullptr) {
        log_refused(__func__, "async_socket", "is NULL");
        return;
    }
    static_cast<void>(close_socket(async_socket, disconnect_mode::in_order));
}
