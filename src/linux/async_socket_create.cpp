// SPDX-License-Identifier: MIT
//
// Making and destroying an async socket.

#include <cerrno>
#include <new>

#include "common/destroy.hpp"
#include "common/log.hpp"
#include "linux/async_socket.hpp"
#include "linux/listening.hpp"
#include "linux/socket_transport.hpp"
#include "linux/system_error.hpp"

using namespace async_socket::detail;

namespace async_socket::detail {

// SRS_ASYNC_SOCKET_WIN32_01_005
void free_socket(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (socket->transport != nullptr) {
        transport_release(socket->transport);
    }
    EXECUTION_ENGINE_HANDLE const engine = socket->engine;
    delete socket->custom;
    delete socket->listener;
    delete socket;
    execution_engine_dec_ref(engine);
}

// SRS_ASYNC_SOCKET_LINUX_01_002
ASYNC_SOCKET_HANDLE make_socket(const char* function, EXECUTION_ENGINE_HANDLE engine) noexcept
{
    // SRS_ASYNC_SOCKET_LINUX_01_001
    if (engine == nullptr) {
        log_refused(function, "execution_engine", "is NULL");
        return nullptr;
    }
    auto* const socket = new (std::nothrow) ASYNC_SOCKET_TAG;
    if (socket == nullptr) {
        log_system_failure(function, "operator new", ENOMEM);
        return nullptr;
    }
    execution_engine_inc_ref(engine);
    socket->engine = engine;
    return socket;
}

} // namespace async_socket::detail

ASYNC_SOCKET_HANDLE async_socket_create(EXECUTION_ENGINE_HANDLE execution_engine)
{
    return make_socket(__func__, execution_engine);
}

ASYNC_SOCKET_HANDLE async_socket_create_with_transport(EXECUTION_ENGINE_HANDLE execution_engine,
                                                       ON_ASYNC_SOCKET_SEND on_send, void* on_send_context,
                                                       ON_ASYNC_SOCKET_RECV on_recv, void* on_recv_context)
{
    // SRS_ASYNC_SOCKET_LINUX_01_003
    if (on_send == nullptr || on_recv == nullptr) {
        log_refused(__func__, on_send == nullptr ? "on_send" : "on_recv", "is NULL");
        return nullptr;
    }
    auto* const custom = new (std::nothrow) custom_transport{on_send, on_send_context, on_recv, on_recv_context};
    if (custom == nullptr) {
        log_system_failure(__func__, "operator new", ENOMEM);
        return nullptr;
    }
    ASYNC_SOCKET_HANDLE const socket = make_socket(__func__, execution_engine);
    if (socket == nullptr) {
        delete custom;
        return nullptr;
    }
    // SRS_ASYNC_SOCKET_LINUX_01_004
    socket->custom = custom;
    return socket;
}

void async_socket_destroy(ASYNC_SOCKET_HANDLE async_socket)
{
    // SRS_ASYNC_SOCKET_WIN32_01_004
    if (async_socket == nullptr) {
        log_refused(__func__, "async_socket", "is NULL");
        return;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_093, SRS_ASYNC_SOCKET_WIN32_01_006
    close_for_destroy(async_socket, async_socket->life);
    // SRS_ASYNC_SOCKET_WIN32_01_005
    if (async_socket->life.release_handle()) {
        free_socket(async_socket);
    }
}
