// SPDX-License-Identifier: MIT
//
// Making and destroying an async socket.

#include "api/platform/engine.hpp"
#include "api/platform/socket.hpp"
#include "async_socket/placement.h"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"
#include "common/lifecycle/destroy.hpp"

namespace async_socket::detail {

// SRS_ASYNC_SOCKET_WIN32_01_005, SRS_ASYNC_SOCKET_WIN32_42_005
void free_socket(ASYNC_SOCKET_HANDLE socket) noexcept
{
    const socket_core& core = core_of(socket);
    if (core.transport != nullptr) {
        transport_release(core.transport);
    }
    EXECUTION_ENGINE_HANDLE const engine = core.engine;
    deallocate_socket(socket);
    execution_engine_dec_ref(engine);
}

// SRS_ASYNC_SOCKET_WIN32_42_004, SRS_PLACEMENT_01_004
void give_engine(ASYNC_SOCKET_HANDLE made, EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread) noexcept
{
    execution_engine_inc_ref(engine);
    core_of(made).engine = engine;
    place(made, thread);
}

namespace {

ASYNC_SOCKET_HANDLE create(const char* function, EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread,
                           const custom_transport* custom) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_002, SRS_ASYNC_SOCKET_LINUX_01_001
    if (engine == nullptr) {
        log_refused(function, "execution_engine", "is NULL");
        return nullptr;
    }
    // SRS_PLACEMENT_01_005
    if (!check_thread(function, engine, thread)) {
        return nullptr;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_001, SRS_ASYNC_SOCKET_WIN32_01_003, SRS_ASYNC_SOCKET_LINUX_01_002
    ASYNC_SOCKET_HANDLE const socket = allocate_socket(function, engine, custom);
    if (socket != nullptr) {
        give_engine(socket, engine, thread);
    }
    return socket;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

ASYNC_SOCKET_HANDLE async_socket_create(EXECUTION_ENGINE_HANDLE execution_engine)
{
    if (refused_in_child(__func__)) {
        return nullptr;
    }
    return create(__func__, execution_engine, EXECUTION_ENGINE_ANY_THREAD, nullptr);
}

// SRS_PLACEMENT_01_004
ASYNC_SOCKET_HANDLE async_socket_create_on(EXECUTION_ENGINE_HANDLE execution_engine, uint32_t thread)
{
    if (refused_in_child(__func__)) {
        return nullptr;
    }
    return create(__func__, execution_engine, thread, nullptr);
}

ASYNC_SOCKET_HANDLE async_socket_create_with_transport(EXECUTION_ENGINE_HANDLE execution_engine,
                                                       ON_ASYNC_SOCKET_SEND on_send, void* on_send_context,
                                                       ON_ASYNC_SOCKET_RECV on_recv, void* on_recv_context)
{
    if (refused_in_child(__func__)) {
        return nullptr;
    }
    // SRS_ASYNC_SOCKET_LINUX_01_003
    if (on_send == nullptr || on_recv == nullptr) {
        log_refused(__func__, on_send == nullptr ? "on_send" : "on_recv", "is NULL");
        return nullptr;
    }
    const custom_transport custom{on_send, on_send_context, on_recv, on_recv_context};
    return create(__func__, execution_engine, EXECUTION_ENGINE_ANY_THREAD, &custom);
}

void async_socket_destroy(ASYNC_SOCKET_HANDLE async_socket)
{
    if (refused_in_child(__func__)) {
        return;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_004, SRS_ASYNC_SOCKET_LOG_01_007
    if (async_socket == nullptr) {
        return;
    }
    lifecycle& life = core_of(async_socket).life;
    {
        const blocked_thread blocked;
        // SRS_ASYNC_SOCKET_WIN32_01_093, SRS_ASYNC_SOCKET_WIN32_01_006
        close_for_destroy(async_socket, life);
    }
    // SRS_ASYNC_SOCKET_WIN32_01_005
    if (life.release_handle()) {
        free_socket(async_socket);
    }
}
