// SPDX-License-Identifier: MIT

#include "win32/async_listener.hpp"

#include <new>

#include "common/log.hpp"
#include "win32/execution_engine.hpp"
#include "win32/extension_function.hpp"
#include "win32/last_error.hpp"
#include "win32/socket_transport.hpp"

namespace async_socket::detail {

namespace {

// What accepts need to know of the socket that listens.
bool look_at(const char* function, ASYNC_LISTENER_HANDLE listener, SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    const transport_use use(transport);
    if (!use || transport->type != SOCKET_BINDING) {
        log_refused(function, "socket_transport", "is not listening");
        return false;
    }
    sockaddr_storage address{};
    int length = sizeof address;
    if (getsockname(transport->socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        log_system_failure(function, "getsockname", static_cast<DWORD>(WSAGetLastError()));
        return false;
    }
    listener->address_family = address.ss_family;
    listener->accept_ex = extension_function<LPFN_ACCEPTEX>(transport->socket, WSAID_ACCEPTEX);
    if (listener->accept_ex == nullptr) {
        log_system_failure(function, "WSAIoctl", static_cast<DWORD>(WSAGetLastError()));
        return false;
    }
    return true;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

// SRS_ASYNC_LISTENER_01_001, SRS_ASYNC_LISTENER_01_002
ASYNC_LISTENER_HANDLE async_listener_create(EXECUTION_ENGINE_HANDLE execution_engine)
{
    if (execution_engine == nullptr) {
        log_refused(__func__, "execution_engine", "is NULL");
        return nullptr;
    }
    auto* const listener = new (std::nothrow) ASYNC_LISTENER_TAG;
    if (listener == nullptr) {
        log_system_failure(__func__, "operator new", ERROR_OUTOFMEMORY);
        return nullptr;
    }
    attach_to_engine(&listener->socket, execution_engine);
    listener->socket.listener = listener;
    return listener;
}

// SRS_ASYNC_LISTENER_01_003
void async_listener_destroy(ASYNC_LISTENER_HANDLE async_listener)
{
    if (async_listener == nullptr) {
        log_refused(__func__, "async_listener", "is NULL");
        return;
    }
    async_socket_destroy(&async_listener->socket);
}

// SRS_ASYNC_LISTENER_01_004, SRS_ASYNC_LISTENER_01_005, SRS_ASYNC_LISTENER_01_006
int async_listener_open(ASYNC_LISTENER_HANDLE async_listener, SOCKET_TRANSPORT_HANDLE socket_transport)
{
    if (async_listener == nullptr || socket_transport == nullptr) {
        log_refused(__func__, async_listener == nullptr ? "async_listener" : "socket_transport", "is NULL");
        return 1;
    }
    const ASYNC_SOCKET_HANDLE socket = &async_listener->socket;
    if (!socket->life.begin_open()) {
        log_refused(__func__, "async_listener", "is open, or was open before");
        return 1;
    }
    // Accepts wait by the timer where the system has no resources, and it is too late to ask for one then.
    if (!look_at(__func__, async_listener, socket_transport) ||
        !socket->engine->timers.prepare(__func__, socket->engine) ||
        !bind_to_pool(__func__, socket, socket_transport, SOCKET_BINDING)) {
        socket->life.abandon_open();
        return 1;
    }
    // There is no callback.
    socket->life.complete_open(0);
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
    async_socket_close(&async_listener->socket);
}

int async_listener_accept_async(ASYNC_LISTENER_HANDLE async_listener, uint32_t timeout_ms, ASYNC_OPERATION_ID* id,
                                ON_ASYNC_LISTENER_ACCEPT_COMPLETE on_complete, void* context)
{
    const time_point_ns limit = due_in_ms(timeout_ms);
    // SRS_ASYNC_LISTENER_01_014
    if (async_listener == nullptr || on_complete == nullptr) {
        log_refused(__func__, async_listener == nullptr ? "async_listener" : "on_complete", "is NULL");
        return 1;
    }
    lifecycle& life = async_listener->socket.life;
    if (!life.begin_call()) {
        log_refused(__func__, "async_listener", "is not open");
        return 1;
    }
    auto* const operation = new (std::nothrow) accept_operation(async_listener, limit, on_complete, context);
    DWORD error = ERROR_OUTOFMEMORY;
    if (operation != nullptr) {
        static_cast<void>(operation->begin(id));
        error = operation->start_or_wait();
        if (error == 0) {
            // It may be complete and freed by now; the call still counts, so the listener is there.
            life.end_call();
            return 0;
        }
        operation->withdraw();
        if (operation->accepted != nullptr) {
            socket_transport_destroy(operation->accepted);
        }
        delete operation;
    }
    log_system_failure(__func__, operation == nullptr ? "operator new" : "AcceptEx", error);
    life.withdraw_call();
    return 1;
}

// SRS_ASYNC_LISTENER_01_015
int async_listener_cancel(ASYNC_LISTENER_HANDLE async_listener, ASYNC_OPERATION_ID id)
{
    return cancel_operation(__func__, "async_listener", async_listener == nullptr ? nullptr : &async_listener->socket,
                            id);
}

// SRS_ASYNC_LISTENER_01_016
int async_listener_cancel_and_wait(ASYNC_LISTENER_HANDLE async_listener, ASYNC_OPERATION_ID id)
{
    return cancel_operation_and_wait(__func__, "async_listener",
                                     async_listener == nullptr ? nullptr : &async_listener->socket, id);
}
