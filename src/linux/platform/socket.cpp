// SPDX-License-Identifier: MIT
//
// Making, opening and closing an async socket.

#include "api/platform/socket.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <new>

#include "common/diagnostics/log.hpp"
#include "linux/engine/execution_engine.hpp"
#include "linux/engine/placement.hpp"
#include "linux/listen/listening.hpp"
#include "linux/socket/background_closing.hpp"
#include "linux/socket/socket.hpp"
#include "linux/system/system_error.hpp"

namespace async_socket::detail {

// That the socket is attached to its worker.
constinit const std::uint32_t standing_operations = 1;

socket_core& core_of(ASYNC_SOCKET_HANDLE socket) noexcept
{
    return *socket;
}

ASYNC_SOCKET_HANDLE socket_of(ASYNC_LISTENER_HANDLE listener) noexcept
{
    return reinterpret_cast<ASYNC_SOCKET_HANDLE>(listener);
}

ASYNC_LISTENER_HANDLE listener_of(ASYNC_SOCKET_HANDLE socket) noexcept
{
    return reinterpret_cast<ASYNC_LISTENER_HANDLE>(socket);
}

ASYNC_SOCKET_HANDLE allocate_socket(const char* function, EXECUTION_ENGINE_HANDLE,
                                    const custom_transport* custom) noexcept
{
    auto* const socket = new (std::nothrow) ASYNC_SOCKET_TAG;
    if (socket != nullptr && custom != nullptr) {
        // SRS_ASYNC_SOCKET_LINUX_01_004
        socket->custom = new (std::nothrow) attempted_transport(*custom);
    }
    if (socket == nullptr || (custom != nullptr && socket->custom == nullptr)) {
        delete socket;
        log_system_failure(function, "operator new", ENOMEM);
        return nullptr;
    }
    return socket;
}

ASYNC_SOCKET_HANDLE allocate_listener(const char* function, EXECUTION_ENGINE_HANDLE engine) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = allocate_socket(function, engine, nullptr);
    if (socket == nullptr) {
        return nullptr;
    }
    socket->listener = new (std::nothrow) listening(socket);
    if (socket->listener == nullptr) {
        log_system_failure(function, "operator new", ENOMEM);
        delete socket;
        return nullptr;
    }
    return socket;
}

// SRS_PLACEMENT_01_004. Relaxed: whoever opens it has the handle from this thread.
void place(ASYNC_SOCKET_HANDLE socket, std::uint32_t thread) noexcept
{
    if (thread != EXECUTION_ENGINE_ANY_THREAD) {
        socket->worker.store(&socket->engine->workers[thread], std::memory_order_relaxed);
    }
}

// SRS_PLACEMENT_01_003
std::uint32_t thread_of(ASYNC_SOCKET_HANDLE socket) noexcept
{
    const worker* const own = socket->worker.load(std::memory_order_relaxed);
    return own == nullptr ? EXECUTION_ENGINE_ANY_THREAD : index_of(*own);
}

void deallocate_socket(ASYNC_SOCKET_HANDLE socket) noexcept
{
    delete socket->custom;
    delete socket->listener;
    delete socket;
}

bool attach(const char* function, ASYNC_SOCKET_HANDLE socket) noexcept
{
    socket->fd = socket->transport->fd;
    // SRS_ASYNC_SOCKET_LINUX_01_005
    const int error = worker_for(socket).attach(socket);
    if (error == 0) {
        return true;
    }
    // SRS_ASYNC_SOCKET_LINUX_01_006
    log_system_failure(function, "epoll_ctl", error);
    socket->fd = -1;
    return false;
}

void begin_detaching(ASYNC_SOCKET_HANDLE socket, lifecycle::to_close found, disconnect_mode mode) noexcept
{
    // SRS_ASYNC_SOCKET_LINUX_01_025. After a connect that failed the worker knows nothing of the socket any more.
    if (found == lifecycle::close_connection) {
        socket->close_mode = mode;
        socket->worker.load(std::memory_order_relaxed)->close(socket);
    }
}

void wait_for_operations(ASYNC_SOCKET_HANDLE socket, std::uint32_t own, callback_wait& wait) noexcept
{
    socket->life.wait_for_operations(own, wait);
}

// The worker has let the socket go with the last of its operations.
void detach(ASYNC_SOCKET_HANDLE) noexcept {}

background_close* make_background_close(const char* function, ASYNC_SOCKET_HANDLE) noexcept
{
    auto* const made = new (std::nothrow) background_closing;
    if (made == nullptr) {
        log_system_failure(function, "operator new", ENOMEM);
    }
    return made;
}

void begin_background_close(background_close* begun) noexcept
{
    auto* const closing = static_cast<background_closing*>(begun);
    // It keeps the socket, and with it the worker, until that has been told.
    const visit during_call(closing->socket);
    closing->socket->closes_in_background = true;
    closing->socket->close_request::next = closing;
    closing->socket->worker.load(std::memory_order_relaxed)->close_in_background(*closing);
}

void discard_background_close(background_close* unused) noexcept
{
    delete static_cast<background_closing*>(unused);
}

bool duplicate_connection(const char* function, ASYNC_SOCKET_HANDLE socket, SOCKET_HANDLE& duplicate) noexcept
{
    duplicate = fcntl(socket->fd, F_DUPFD_CLOEXEC, 0);
    if (duplicate == -1) {
        log_system_failure(function, "fcntl(F_DUPFD_CLOEXEC)", errno);
        return false;
    }
    return true;
}

void close_duplicate(SOCKET_HANDLE duplicate) noexcept
{
    close(duplicate);
}

} // namespace async_socket::detail
