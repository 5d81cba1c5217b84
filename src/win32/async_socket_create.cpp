// SPDX-License-Identifier: MIT
//
// Making and destroying an async socket.

#include "win32/async_socket.hpp"

#include <new>

#include "async_socket/execution_engine_win32.h"
#include "common/destroy.hpp"
#include "common/log.hpp"
#include "win32/async_listener.hpp"
#include "win32/execution_engine.hpp"
#include "win32/last_error.hpp"
#include "win32/socket_transport.hpp"

using namespace async_socket::detail;

namespace async_socket::detail {

// SRS_ASYNC_SOCKET_WIN32_01_005, SRS_ASYNC_SOCKET_WIN32_42_005
void free_socket(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (socket->transport != nullptr) {
        transport_release(socket->transport);
    }
    const EXECUTION_ENGINE_HANDLE engine = socket->engine;
    if (socket->listener == nullptr) {
        delete socket;
    } else {
        delete socket->listener;
    }
    execution_engine_dec_ref(engine);
}

void attach_to_engine(ASYNC_SOCKET_HANDLE socket, EXECUTION_ENGINE_HANDLE engine) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_42_004
    execution_engine_inc_ref(engine);
    socket->engine = engine;
    // SRS_ASYNC_SOCKET_WIN32_01_035
    socket->pool = execution_engine_win32_get_threadpool(engine);
}

} // namespace async_socket::detail

ASYNC_SOCKET_HANDLE async_socket_create(EXECUTION_ENGINE_HANDLE execution_engine)
{
    // SRS_ASYNC_SOCKET_WIN32_01_002
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return nullptr;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_001, SRS_ASYNC_SOCKET_WIN32_01_003
    auto* socket = new (std::nothrow) ASYNC_SOCKET_TAG;
    if (socket == nullptr) {
        log_system_failure(__func__, "operator new", ERROR_OUTOFMEMORY);
        return nullptr;
    }
    attach_to_engine(socket, execution_engine);
    return socket;
}

// SRS_ASYNC_SOCKET_WIN32_04_001
ASYNC_SOCKET_HANDLE async_socket_create_with_transport(EXECUTION_ENGINE_HANDLE, ON_ASYNC_SOCKET_SEND, void*,
                                                       ON_ASYNC_SOCKET_RECV, void*)
{
    log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "%s: not offered on this platform", __func__);
    return nullptr;
}

void async_socket_destroy(ASYNC_SOCKET_HANDLE async_socket)
{
    // SRS_ASYNC_SOCKET_WIN32_01_004
    if (async_socket == nullptr) {
        log_refused(__func__, "async_socket", "is NULL");
        return;
    }
    {
        const blocked_thread blocked;
        // SRS_ASYNC_SOCKET_WIN32_01_093, SRS_ASYNC_SOCKET_WIN32_01_006
        close_for_destroy(async_socket, async_socket->life);
    }
    // SRS_ASYNC_SOCKET_WIN32_01_005
    if (async_socket->life.release_handle()) {
        free_socket(async_socket);
    }
}
