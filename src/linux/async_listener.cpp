// SPDX-License-Identifier: MIT

#include "async_socket/async_listener.h"

#include <cerrno>
#include <new>

#include "common/log.hpp"
#include "linux/async_socket.hpp"
#include "linux/listening.hpp"
#include "linux/start_operation.hpp"
#include "linux/system_error.hpp"

using namespace async_socket::detail;

ASYNC_LISTENER_HANDLE async_listener_create(EXECUTION_ENGINE_HANDLE execution_engine)
{
    // SRS_ASYNC_LISTENER_01_001, SRS_ASYNC_LISTENER_01_002
    ASYNC_SOCKET_HANDLE const socket = make_socket(__func__, execution_engine);
    if (socket == nullptr) {
        return nullptr;
    }
    socket->listener = new (std::nothrow) listening(socket);
    if (socket->listener == nullptr) {
        log_system_failure(__func__, "operator new", ENOMEM);
        free_socket(socket);
        return nullptr;
    }
    return reinterpret_cast<ASYNC_LISTENER_HANDLE>(socket);
}

void async_listener_destroy(ASYNC_LISTENER_HANDLE async_listener)
{
    // SRS_ASYNC_LISTENER_01_003
    if (async_listener == nullptr) {
        log_refused(__func__, "async_listener", "is NULL");
        return;
    }
    async_socket_destroy(socket_of(async_listener));
}

int async_listener_open(ASYNC_LISTENER_HANDLE async_listener, SOCKET_TRANSPORT_HANDLE socket_transport)
{
    // SRS_ASYNC_LISTENER_01_006
    if (async_listener == nullptr || socket_transport == nullptr) {
        log_refused(__func__, async_listener == nullptr ? "async_listener" : "socket_transport", "is NULL");
        return 1;
    }
    ASYNC_SOCKET_HANDLE const socket = socket_of(async_listener);
    if (!socket->life.begin_open()) {
        log_refused(__func__, "async_listener", "is open, or was open before");
        return 1;
    }
    // SRS_ASYNC_LISTENER_01_005
    if (!attach_to_worker(__func__, socket, socket_transport, SOCKET_BINDING)) {
        socket->life.abandon_open();
        return 1;
    }
    // SRS_ASYNC_LISTENER_01_004. There is no callback, whose place among the operations is given up at once.
    socket->life.complete_open(1);
    if (socket->life.end_operation()) {
        free_socket(socket);
    }
    return 0;
}

// SRS_ASYNC_LISTENER_01_007, SRS_ASYNC_LISTENER_01_008
void async_listener_close(ASYNC_LISTENER_HANDLE async_listener)
{
    if (async_listener == nullptr) {
        log_refused(__func__, "async_listener", "is NULL");
        return;
    }
    async_socket_close(socket_of(async_listener));
}

// SRS_ASYNC_LISTENER_01_009, SRS_ASYNC_LISTENER_01_010, SRS_ASYNC_LISTENER_01_011
int async_listener_accept_async(ASYNC_LISTENER_HANDLE async_listener, uint32_t timeout_ms, ASYNC_OPERATION_ID* id,
                                ON_ASYNC_LISTENER_ACCEPT_COMPLETE on_complete, void* context)
{
    // SRS_ASYNC_LISTENER_01_014
    if (async_listener == nullptr || on_complete == nullptr) {
        log_refused(__func__, async_listener == nullptr ? "async_listener" : "on_complete", "is NULL");
        return 1;
    }
    ASYNC_SOCKET_HANDLE const socket = socket_of(async_listener);
    if (!socket->life.begin_call()) {
        log_refused(__func__, "async_listener", "is not open");
        return 1;
    }
    operation::callback_of_kind callback{};
    callback.accept = on_complete;
    return start_operation(__func__, socket, work_kind::accept, {}, callback, context, {true, timeout_ms, id}) ? 0 : 1;
}

// SRS_ASYNC_LISTENER_01_015
int async_listener_cancel(ASYNC_LISTENER_HANDLE async_listener, ASYNC_OPERATION_ID id)
{
    return cancel_operation({__func__, "async_listener"},
                            async_listener == nullptr ? nullptr : socket_of(async_listener), id);
}

// SRS_ASYNC_LISTENER_01_016
int async_listener_cancel_and_wait(ASYNC_LISTENER_HANDLE async_listener, ASYNC_OPERATION_ID id)
{
    return cancel_operation_and_wait({__func__, "async_listener"},
                                     async_listener == nullptr ? nullptr : socket_of(async_listener), id);
}
