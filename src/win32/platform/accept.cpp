// SPDX-License-Identifier: MIT

#include "win32/listen/listener.hpp"

#include <new>

#include "api/platform/operations.hpp"
#include "win32/system/extension_function.hpp"
#include "win32/system/last_error.hpp"
#include "win32/transport/socket_transport.hpp"

namespace async_socket::detail {

bool look_at_listening_socket(const char* function, ASYNC_LISTENER_HANDLE listener,
                              SOCKET_TRANSPORT_HANDLE transport) noexcept
{
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

bool start_accept(const char* function, ASYNC_SOCKET_HANDLE socket, const operation_request& request) noexcept
{
    auto* const operation = new (std::nothrow)
        accept_operation(socket->listener, due_in_ms(request.timeout_ms), request.callback.accept, request.context);
    if (operation == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        return false;
    }
    static_cast<void>(operation->begin(request.id));
    const DWORD error = operation->start_or_wait();
    if (error == 0) {
        return true;
    }
    operation->withdraw();
    if (operation->accepted != nullptr) {
        socket_transport_destroy(operation->accepted);
    }
    delete operation;
    log_system_failure(function, "AcceptEx", error);
    return false;
}

} // namespace async_socket::detail
