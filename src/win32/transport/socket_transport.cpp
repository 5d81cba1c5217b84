// SPDX-License-Identifier: MIT
//
// The system's socket of a transport: its making, and its end.

#include "win32/transport/socket_transport.hpp"

#include "win32/system/last_error.hpp"
#include "win32/system/winsock.hpp"
#include "win32/transport/unblock.hpp"

namespace async_socket::detail {

const bool has_overlapped_transfers = true;
const SOCKET_HANDLE no_socket = reinterpret_cast<SOCKET_HANDLE>(INVALID_SOCKET);

transport_core& core_of(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    return *transport;
}

SOCKET_HANDLE socket_of(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    return reinterpret_cast<SOCKET_HANDLE>(transport->socket);
}

SOCKET_HANDLE give_socket_up(const char* function, SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    // The event that it is bound to where it listens goes with the transport.
    if (transport->type == SOCKET_BINDING && !make_blocking(transport->socket)) {
        log_system_failure(function, "WSAEventSelect", static_cast<DWORD>(WSAGetLastError()));
    }
    // SRS_SOCKET_TRANSPORT_WIN32_01_017
    const DWORD error = start_winsock();
    if (error != 0) {
        log_system_failure(function, "WSAStartup", error);
    }
    return socket_of(transport);
}

// SRS_SOCKET_TRANSPORT_01_026, SRS_SOCKET_TRANSPORT_WIN32_01_008
void close_system_socket(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    const DWORD last_error = GetLastError();
    // Once more, for an operation that began while disconnect was at its own cancel: under Wine closesocket alone never
    // completes pending sends.
    transport_cancel(transport);
    closesocket(transport->socket);
    SetLastError(last_error);
}

// The event goes with the transport.
void discard_socket(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    closesocket(transport->socket);
}

void signal_disconnected(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    if (transport->disconnected != nullptr) {
        SetEvent(transport->disconnected);
    }
}

void set_error_not_connected() noexcept
{
    WSASetLastError(WSAENOTCONN);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_008
void transport_cancel(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    CancelIoEx(reinterpret_cast<HANDLE>(transport->socket), nullptr);
}

// SRS_SOCKET_TRANSPORT_WIN32_01_015. The gate is closed before what is pending is cancelled: of an operation that
// begins and a disconnect one sees the other.
void cancel_if_disconnected(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    if (transport->gate.is_closed()) {
        const DWORD last_error = GetLastError();
        transport_cancel(transport);
        SetLastError(last_error);
    }
}

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_027: what began before the shutdown is cancelled, what begins
// after it fails.
void end_connection(SOCKET_TRANSPORT_HANDLE transport, disconnect_mode mode) noexcept
{
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
    // What begins after a shutdown fails by itself.
    if (mode != disconnect_mode::in_order) {
        unblock_calls(transport);
    }
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

} // namespace async_socket::detail
