// SPDX-License-Identifier: MIT

#include "win32/async_socket.hpp"

#include <chrono>

#include "common/arguments.hpp"
#include "common/callback_scope.hpp"
#include "common/log.hpp"
#include "win32/execution_engine.hpp"
#include "win32/last_error.hpp"
#include "win32/socket_transport.hpp"

namespace async_socket::detail {

namespace {

constexpr const char* open_name = "async_socket_open_async";

// How long a close waits for the operations before it cancels once more.
constexpr std::chrono::milliseconds cancel_again{50};

// Binds the transport's socket to the engine's pool. False, and nothing changed, on failure.
bool bind_to_pool(ASYNC_SOCKET_HANDLE socket, SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    transport_use use(transport);
    if (!use || transport->type != SOCKET_CLIENT) {
        log_refused(open_name, "socket_transport", "is not connected");
        return false;
    }
    // SRS_ASYNC_SOCKET_GUARANTEE_01_001
    if (transport->is_owned.exchange(true, std::memory_order_acq_rel)) {
        log_refused(open_name, "socket_transport", "is owned by another async socket");
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
        log_system_failure(open_name, "CreateThreadpoolIo", GetLastError());
        DestroyThreadpoolEnvironment(&socket->environment);
        transport->is_owned.store(false, std::memory_order_release);
        return false;
    }
    // SRS_ASYNC_SOCKET_GUARANTEE_01_001: while it is in use, for its handle may be destroyed at any time.
    transport_add_reference(transport);
    socket->transport = transport;
    // SRS_ASYNC_SOCKET_WIN32_01_109: whoever disconnects the transport, the handle stays open until close.
    use.keep();
    return true;
}

// Lets WaitForThreadpoolIoCallbacks leave out the callbacks of the socket on the stack of this thread.
// SRS_ASYNC_SOCKET_GUARANTEE_01_005
void disassociate_own_callbacks(ASYNC_SOCKET_HANDLE socket) noexcept
{
    for (const callback_scope* scope = callback_scope::innermost(); scope != nullptr; scope = scope->outer()) {
        // The open callback is none of the pool's.
        if (scope->socket() == socket && scope->platform_callback() != nullptr) {
            DisassociateCurrentThreadFromCallback(static_cast<PTP_CALLBACK_INSTANCE>(scope->platform_callback()));
        }
    }
}

} // namespace

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
    if (!bind_to_pool(async_socket, socket_transport)) {
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
    const std::uint32_t own = callback_scope::depth(async_socket);
    // SRS_ASYNC_SOCKET_WIN32_01_022, SRS_ASYNC_SOCKET_WIN32_01_019
    if (!async_socket->life.begin_close(own != 0)) {
        return;
    }
    callback_scope::mark_closing(async_socket);
    const blocked_thread blocked;

    // SRS_ASYNC_SOCKET_WIN32_01_020
    async_socket->life.wait_for_calls();
    // SRS_ASYNC_SOCKET_WIN32_01_107: ends what is pending, for which the next steps wait.
    socket_transport_disconnect(async_socket->transport);
    // SRS_ASYNC_SOCKET_GUARANTEE_01_004: the open callback, too, which is none of the pool's.
    // SRS_ASYNC_SOCKET_WIN32_01_110: Wine's cancel misses an operation that Wine is just trying to carry out.
    while (!async_socket->life.wait_briefly_for_operations(own, cancel_again)) {
        transport_cancel(async_socket->transport);
    }
    // SRS_ASYNC_SOCKET_WIN32_01_109
    transport_use::leave(async_socket->transport);
    disassociate_own_callbacks(async_socket);
    // SRS_ASYNC_SOCKET_WIN32_01_040
    WaitForThreadpoolIoCallbacks(async_socket->io, FALSE);
    // SRS_ASYNC_SOCKET_WIN32_01_059
    CloseThreadpoolIo(async_socket->io);
    // SRS_ASYNC_SOCKET_WIN32_01_042
    DestroyThreadpoolEnvironment(&async_socket->environment);
    // SRS_ASYNC_SOCKET_WIN32_01_021
    if (async_socket->life.complete_close()) {
        free_socket(async_socket);
    }
}
