// SPDX-License-Identifier: MIT
//
// Making, disconnecting and freeing a transport, and the questions it answers.

#include "win32/socket_transport.hpp"

#include <ws2tcpip.h>

#include <cstring>
#include <new>

#include "common/log.hpp"
#include "win32/last_error.hpp"
#include "win32/winsock.hpp"

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
    auto* transport = new (std::nothrow) SOCKET_TRANSPORT_TAG(SOCKET_CLIENT, connected);
    if (transport == nullptr) {
        report(function, "operator new", ERROR_OUTOFMEMORY);
        end_winsock();
    }
    return transport;
}

void transport_add_reference(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    // Relaxed: the caller has a reference already.
    transport->references.fetch_add(1, std::memory_order_relaxed);
}

void transport_release(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    if (transport->references.fetch_sub(1, std::memory_order_acq_rel) != 1) {
        return;
    }
    if (transport->disconnected != nullptr) {
        CloseHandle(transport->disconnected);
    }
    if (transport->connection_came != nullptr) {
        CloseHandle(transport->connection_came);
    }
    delete transport;
    end_winsock();
}

// SRS_SOCKET_TRANSPORT_01_026, SRS_SOCKET_TRANSPORT_WIN32_01_008
void transport_use::leave(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    if (!transport->gate.leave()) {
        return;
    }
    const DWORD last_error = GetLastError();
    // Once more, for an operation that began while disconnect was at its own cancel: under Wine closesocket alone never
    // completes pending sends.
    transport_cancel(transport);
    closesocket(transport->socket);
    transport_release(transport);
    SetLastError(last_error);
}

bool transport_open(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    // Before the gate opens, for whoever enters and leaves last gives it back.
    transport_add_reference(transport);
    if (!transport->gate.complete_setup()) {
        transport_release(transport);
        return false;
    }
    return true;
}

// SRS_SOCKET_TRANSPORT_WIN32_01_008
void transport_cancel(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    CancelIoEx(reinterpret_cast<HANDLE>(transport->socket), nullptr);
}

void transport_disconnect(SOCKET_TRANSPORT_HANDLE transport, disconnect_mode mode) noexcept
{
    const transport_reference reference(transport);
    const use_gate::disconnect_result result = transport->gate.disconnect();
    // SRS_SOCKET_TRANSPORT_01_025: wakes connect and accept.
    if (transport->disconnected != nullptr) {
        SetEvent(transport->disconnected);
    }
    // SRS_SOCKET_TRANSPORT_01_024
    if (result != use_gate::disconnect_result::entered) {
        return;
    }
    // SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_027: what began before the shutdown is cancelled, what
    // begins after it fails.
    switch (mode) {
    case disconnect_mode::in_order:
        shutdown(transport->socket, SD_BOTH);
        break;
    case disconnect_mode::reset:
        make_close_abortive(transport->socket);
        break;
    case disconnect_mode::leave_connected:
        break;
    }
    transport_cancel(transport);
    transport_use::leave(transport);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_010
SOCKET make_tcp_socket(int address_family) noexcept
{
    return WSASocketW(address_family, SOCK_STREAM, IPPROTO_TCP, nullptr, 0,
                      WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

void make_close_abortive(SOCKET socket) noexcept
{
    const linger at_once{1, 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&at_once), sizeof at_once);
}

bool make_blocking(SOCKET socket) noexcept
{
    // An associated event keeps the socket non-blocking, so that goes first.
    u_long non_blocking = 0;
    return WSAEventSelect(socket, nullptr, 0) == 0 && ioctlsocket(socket, FIONBIO, &non_blocking) == 0;
}

bool write_endpoint(const char* function, const sockaddr_storage& address, int length, char* host, std::size_t size,
                    std::uint16_t* port) noexcept
{
    char numeric[INET6_ADDRSTRLEN + 16];
    const int error = getnameinfo(reinterpret_cast<const sockaddr*>(&address), length, numeric, sizeof numeric, nullptr,
                                  0, NI_NUMERICHOST);
    if (error != 0) {
        log_system_failure(function, "getnameinfo", static_cast<DWORD>(error));
        return false;
    }
    const std::size_t needed = std::strlen(numeric) + 1;
    if (needed > size) {
        log_refused(function, "size", "is too small for the address");
        return false;
    }
    std::memcpy(host, numeric, needed);
    // The port stands at the same place in the address of either family.
    static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
    *port = ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
    return true;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

// SRS_SOCKET_TRANSPORT_01_001
SOCKET_TRANSPORT_HANDLE socket_transport_create_client(void)
{
    return make_unconnected_transport(__func__, SOCKET_CLIENT);
}

// SRS_SOCKET_TRANSPORT_01_003
SOCKET_TRANSPORT_HANDLE socket_transport_create_server(void)
{
    return make_unconnected_transport(__func__, SOCKET_BINDING);
}

// SRS_SOCKET_TRANSPORT_01_004, SRS_SOCKET_TRANSPORT_01_005
SOCKET_TRANSPORT_HANDLE socket_transport_create_from_socket(SOCKET_HANDLE socket)
{
    const auto connected = reinterpret_cast<SOCKET>(socket);
    if (connected == INVALID_SOCKET || socket == nullptr) {
        log_refused(__func__, "socket", "is not a valid socket");
        return nullptr;
    }
    return make_connected_transport(__func__, connected);
}

void socket_transport_destroy(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    // SRS_SOCKET_TRANSPORT_01_006
    if (socket_transport == nullptr) {
        log_refused(__func__, "socket_transport", "is NULL");
        return;
    }
    // SRS_SOCKET_TRANSPORT_01_007
    socket_transport_disconnect(socket_transport);
    transport_release(socket_transport);
}

void socket_transport_disconnect(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    // SRS_SOCKET_TRANSPORT_01_023
    if (socket_transport == nullptr) {
        log_refused(__func__, "socket_transport", "is NULL");
        return;
    }
    transport_disconnect(socket_transport, disconnect_mode::in_order);
}

// SRS_SOCKET_TRANSPORT_01_046
SOCKET_HANDLE socket_transport_get_underlying_socket(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    const auto none = reinterpret_cast<SOCKET_HANDLE>(INVALID_SOCKET);
    if (socket_transport == nullptr) {
        log_refused(__func__, "socket_transport", "is NULL");
        return none;
    }
    const transport_use use(socket_transport);
    return use ? reinterpret_cast<SOCKET_HANDLE>(socket_transport->socket) : none;
}

// SRS_SOCKET_TRANSPORT_01_047
bool socket_transport_is_valid_socket(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    if (socket_transport == nullptr) {
        log_refused(__func__, "socket_transport", "is NULL");
        return false;
    }
    return socket_transport->gate.is_open();
}

// SRS_SOCKET_TRANSPORT_01_048, SRS_SOCKET_TRANSPORT_01_049
int socket_transport_get_local_endpoint(SOCKET_TRANSPORT_HANDLE socket_transport, char* host, size_t size,
                                        uint16_t* port)
{
    if (socket_transport == nullptr || host == nullptr || port == nullptr) {
        log_refused(__func__,
                    socket_transport == nullptr ? "socket_transport"
                    : host == nullptr           ? "host"
                                                : "port",
                    "is NULL");
        return 1;
    }
    const transport_use use(socket_transport);
    if (!use) {
        log_refused(__func__, "socket_transport", "is neither connected nor listening");
        return 1;
    }
    sockaddr_storage address{};
    int length = sizeof address;
    if (getsockname(socket_transport->socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        log_system_failure(__func__, "getsockname", static_cast<DWORD>(WSAGetLastError()));
        return 1;
    }
    return write_endpoint(__func__, address, length, host, size, port) ? 0 : 1;
}
