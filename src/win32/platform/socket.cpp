// SPDX-License-Identifier: MIT
//
// Making and freeing an async socket.

#include "win32/socket/socket.hpp"

#include <new>

#include "async_socket/execution_engine_win32.h"
#include "common/diagnostics/log.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/listen/listener.hpp"
#include "win32/system/last_error.hpp"

namespace async_socket::detail {

constinit const std::uint32_t standing_operations = 0;

socket_core& core_of(ASYNC_SOCKET_HANDLE socket) noexcept
{
    return *socket;
}

ASYNC_SOCKET_HANDLE socket_of(ASYNC_LISTENER_HANDLE listener) noexcept
{
    return &listener->socket;
}

ASYNC_LISTENER_HANDLE listener_of(ASYNC_SOCKET_HANDLE socket) noexcept
{
    return socket->listener;
}

ASYNC_SOCKET_HANDLE allocate_socket(const char* function, EXECUTION_ENGINE_HANDLE engine,
                                    const custom_transport* custom) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_04_001
    if (custom != nullptr) {
        log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "%s: not offered on this platform", function);
        return nullptr;
    }
    auto* const socket = new (std::nothrow) ASYNC_SOCKET_TAG;
    if (socket == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        return nullptr;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_035
    socket->pool = execution_engine_win32_get_threadpool(engine);
    return socket;
}

ASYNC_SOCKET_HANDLE allocate_listener(const char* function, EXECUTION_ENGINE_HANDLE engine) noexcept
{
    auto* const listener = new (std::nothrow) ASYNC_LISTENER_TAG;
    if (listener == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        return nullptr;
    }
    listener->socket.pool = execution_engine_win32_get_threadpool(engine);
    listener->socket.listener = listener;
    return &listener->socket;
}

void deallocate_socket(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (socket->listener == nullptr) {
        delete socket;
    } else {
        delete socket->listener;
    }
}

} // namespace async_socket::detail
