// SPDX-License-Identifier: MIT

#include "async_socket/async_listener.h"

#include "api/platform/engine.hpp"
#include "api/platform/operations.hpp"
#include "api/platform/socket.hpp"
#include "api/socket/background_close.hpp"
#include "api/socket/cancel.hpp"
#include "api/socket/counted_call.hpp"
#include "api/socket/open_close.hpp"
#include "async_socket/placement.h"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

using namespace async_socket::detail;

namespace {

// SRS_ASYNC_LISTENER_01_001, SRS_ASYNC_LISTENER_01_002
ASYNC_LISTENER_HANDLE create(const char* function, EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread) noexcept
{
    if (engine == nullptr) {
        log_refused(function, "execution_engine", "is NULL");
        return nullptr;
    }
    // SRS_PLACEMENT_01_005
    ASYNC_SOCKET_HANDLE const socket =
        check_thread(function, engine, thread) ? allocate_listener(function, engine) : nullptr;
    if (socket == nullptr) {
        return nullptr;
    }
    give_engine(socket, engine, thread);
    return listener_of(socket);
}

} // namespace

ASYNC_LISTENER_HANDLE async_listener_create(EXECUTION_ENGINE_HANDLE execution_engine)
{
    if (refused_in_child(__func__)) {
        return nullptr;
    }
    return create(__func__, execution_engine, EXECUTION_ENGINE_ANY_THREAD);
}

// SRS_PLACEMENT_01_004
ASYNC_LISTENER_HANDLE async_listener_create_on(EXECUTION_ENGINE_HANDLE execution_engine, uint32_t thread)
{
    if (refused_in_child(__func__)) {
        return nullptr;
    }
    return create(__func__, execution_engine, thread);
}

// SRS_ASYNC_LISTENER_01_003, SRS_ASYNC_SOCKET_LOG_01_007
void async_listener_destroy(ASYNC_LISTENER_HANDLE async_listener)
{
    if (refused_in_child(__func__)) {
        return;
    }
    if (async_listener == nullptr) {
        return;
    }
    async_socket_destroy(socket_of(async_listener));
}

// SRS_ASYNC_LISTENER_01_004, SRS_ASYNC_LISTENER_01_005, SRS_ASYNC_LISTENER_01_006
int async_listener_open(ASYNC_LISTENER_HANDLE async_listener, SOCKET_TRANSPORT_HANDLE socket_transport)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    if (async_listener == nullptr || socket_transport == nullptr) {
        log_refused(__func__, async_listener == nullptr ? "async_listener" : "socket_transport", "is NULL");
        return 1;
    }
    ASYNC_SOCKET_HANDLE const socket = socket_of(async_listener);
    lifecycle& life = core_of(socket).life;
    if (!life.begin_open()) {
        log_refused(__func__, "async_listener", "is open, or was open before");
        return 1;
    }
    if (!attach_transport(__func__, socket, socket_transport, SOCKET_BINDING)) {
        life.abandon_open();
        return 1;
    }
    // There is no callback, whose place among the operations is given up at once.
    life.complete_open(standing_operations);
    if (life.end_operation()) {
        free_socket(socket);
    }
    return 0;
}

// SRS_ASYNC_LISTENER_01_007, SRS_ASYNC_LISTENER_01_008
void async_listener_close(ASYNC_LISTENER_HANDLE async_listener)
{
    if (refused_in_child(__func__)) {
        return;
    }
    if (async_listener == nullptr) {
        return;
    }
    async_socket_close(socket_of(async_listener));
}

int async_listener_close_async(ASYNC_LISTENER_HANDLE async_listener, ON_ASYNC_CLOSED on_closed, void* context)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    return close_in_background(__func__, "async_listener",
                               async_listener == nullptr ? nullptr : socket_of(async_listener), on_closed, context);
}

// SRS_ASYNC_LISTENER_01_009, SRS_ASYNC_LISTENER_01_010, SRS_ASYNC_LISTENER_01_011
int async_listener_accept_async(ASYNC_LISTENER_HANDLE async_listener, uint32_t timeout_ms, ASYNC_OPERATION_ID* id,
                                ON_ASYNC_LISTENER_ACCEPT_COMPLETE on_complete, void* context)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    // SRS_ASYNC_LISTENER_01_014
    if (async_listener == nullptr || on_complete == nullptr) {
        log_refused(__func__, async_listener == nullptr ? "async_listener" : "on_complete", "is NULL");
        return 1;
    }
    operation_request request;
    request.callback.accept = on_complete;
    request.context = context;
    request.says_how = true;
    request.timeout_ms = timeout_ms;
    request.id = id;
    ASYNC_SOCKET_HANDLE const socket = socket_of(async_listener);
    const char* const function = __func__;
    return counted_call_of(function, "async_listener", core_of(socket).life,
                           [&] { return start_accept(function, socket, request); });
}

int async_listener_cancel(ASYNC_LISTENER_HANDLE async_listener, ASYNC_OPERATION_ID id)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    return cancel(__func__, "async_listener", async_listener == nullptr ? nullptr : socket_of(async_listener), id);
}

int async_listener_cancel_and_wait(ASYNC_LISTENER_HANDLE async_listener, ASYNC_OPERATION_ID id)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    return cancel_and_wait(__func__, "async_listener", async_listener == nullptr ? nullptr : socket_of(async_listener),
                           id);
}
