// SPDX-License-Identifier: MIT
//
// Making and freeing a transport.

#include "win32/transport/socket_transport.hpp"

#include <new>

#include "common/diagnostics/log.hpp"
#include "win32/system/last_error.hpp"
#include "win32/system/winsock.hpp"

namespace async_socket::detail {

namespace {

void report(const char* function, const char* call, DWORD error) noexcept
{
    if (function != nullptr) {
        log_system_failure(function, call, error);
    }
}

// SRS_SOCKET_TRANSPORT_WIN32_01_002
bool start_winsock_for(const char* function) noexcept
{
    const DWORD error = start_winsock();
    if (error != 0) {
        report(function, "WSAStartup", error);
    }
    return error == 0;
}

} // namespace

// SRS_SOCKET_TRANSPORT_01_002
SOCKET_TRANSPORT_HANDLE make_unconnected_transport(const char* function, SOCKET_TYPE type) noexcept
{
    if (!start_winsock_for(function)) {
        return nullptr;
    }
    auto* transport = new (std::nothrow) SOCKET_TRANSPORT_TAG(type);
    if (transport == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
        end_winsock();
        return nullptr;
    }
    transport->disconnected = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    if (transport->disconnected == nullptr) {
        log_system_failure(function, "CreateEventW", GetLastError());
        delete transport;
        end_winsock();
        return nullptr;
    }
    return transport;
}

SOCKET_TRANSPORT_HANDLE make_connected_transport(const char* function, SOCKET connected) noexcept
{
    if (!start_winsock_for(function)) {
        return nullptr;
    }
    auto* transport = new (std::nothrow) SOCKET_TRANSPORT_TAG(connected);
    if (transport == nullptr) {
        report(function, "operator new", ERROR_OUTOFMEMORY);
        end_winsock();
    }
    return transport;
}

// SRS_SOCKET_TRANSPORT_01_005
SOCKET_TRANSPORT_HANDLE adopt_socket(const char* function, SOCKET_HANDLE socket) noexcept
{
    const auto connected = reinterpret_cast<SOCKET>(socket);
    if (connected == INVALID_SOCKET || socket == nullptr) {
        log_refused(function, "socket", "is not a valid socket");
        return nullptr;
    }
    return make_connected_transport(function, connected);
}

void dispose_transport(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    const DWORD last_error = GetLastError();
    if (transport->disconnected != nullptr) {
        CloseHandle(transport->disconnected);
    }
    if (transport->connection_came != nullptr) {
        CloseHandle(transport->connection_came);
    }
    delete transport;
    end_winsock();
    SetLastError(last_error);
}

} // namespace async_socket::detail
