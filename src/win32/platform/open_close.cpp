// SPDX-License-Identifier: MIT
//
// What opening and closing mean to the system.

#include <chrono>

#include "common/lifecycle/callback_scope.hpp"
#include "common/lifecycle/callback_wait.hpp"
#include "win32/connect/operation.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/engine/spare_thread.hpp"
#include "win32/socket/io_operation.hpp"
#include "win32/socket/socket.hpp"
#include "win32/system/callback_environment.hpp"
#include "win32/system/last_error.hpp"
#include "win32/transport/socket_transport.hpp"

namespace async_socket::detail {

bool attach(const char* function, ASYNC_SOCKET_HANDLE socket) noexcept
{
    // Accepts wait by the timer where the system has no resources, and it is too late to ask for one then.
    if (socket->listener != nullptr && !(look_at_listening_socket(function, socket->listener, socket->transport) &&
                                         socket->engine->timers.prepare(function, socket->engine))) {
        return false;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_016, SRS_ASYNC_SOCKET_WIN32_01_036
    initialize_environment(socket->environment, socket->pool);
    // SRS_ASYNC_SOCKET_WIN32_01_058
    socket->io = CreateThreadpoolIo(socket_transport_get_underlying_socket(socket->transport), on_io_complete, socket,
                                    &socket->environment);
    if (socket->io == nullptr) {
        // SRS_ASYNC_SOCKET_WIN32_01_039
        log_system_failure(function, "CreateThreadpoolIo", GetLastError());
        DestroyThreadpoolEnvironment(&socket->environment);
        return false;
    }
    socket->engine->open_sockets.add(1);
    // SRS_ASYNC_SOCKET_WIN32_01_109: each operation is a user of its own, so that a transport that is disconnected can
    // be closed when the last of them has ended.
    transport_use::leave(socket->transport);
    return true;
}

namespace {

// How long a close waits for the operations before it cancels once more.
constexpr std::chrono::milliseconds cancel_again{50};

// Lets WaitForThreadpoolIoCallbacks leave out callbacks on the stack of this thread: those of the socket, or of every
// one. The open callback is none of the pool's.
// SRS_ASYNC_SOCKET_GUARANTEE_01_005, SRS_ASYNC_SOCKET_GUARANTEE_01_020
void disassociate_callbacks(ASYNC_SOCKET_HANDLE socket) noexcept
{
    for (callback_scope* scope = callback_scope::innermost(); scope != nullptr; scope = scope->outer()) {
        if (socket != nullptr && scope->socket() != socket) {
            continue;
        }
        if (void* const associated = scope->take_platform_callback(); associated != nullptr) {
            disassociate_from(static_cast<PTP_CALLBACK_INSTANCE>(associated));
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
    if (is_connecting || socket->transport == nullptr) {
        return;
    }
    if (const transport_use use = transport_use::beside_others(socket->transport)) {
        transport_cancel(socket->transport);
    }
}

} // namespace

void begin_detaching(ASYNC_SOCKET_HANDLE socket, lifecycle::to_close, disconnect_mode mode) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_107: ends what is pending, for which the next steps wait.
    if (!end_connect(socket) && socket->transport != nullptr) {
        transport_disconnect(socket->transport, mode);
    }
    if (socket->listener != nullptr) {
        hurry_accepts(socket);
    }
    close_delays(socket);
}

void wait_for_operations(ASYNC_SOCKET_HANDLE socket, std::uint32_t own, callback_wait& wait) noexcept
{
    // SRS_ASYNC_SOCKET_GUARANTEE_01_004: the open callback, too, which is none of the pool's.
    // SRS_ASYNC_SOCKET_WIN32_01_110: Wine's cancel misses an operation that Wine is just trying to carry out.
    spare_thread spare(socket->engine);
    bool is_over = false;
    while (!is_over) {
        is_over = socket->life.wait_briefly_for_operations(own, wait, cancel_again);
        if (wait.is_in_ring()) {
            // The others in it are not to wait for them in detach.
            disassociate_callbacks(nullptr);
        }
        if (!is_over) {
            cancel_pending(socket);
            spare.allow();
        }
    }
}

void detach(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (socket->io == nullptr) {
        return;
    }
    disassociate_callbacks(socket);
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

} // namespace async_socket::detail
