// SPDX-License-Identifier: MIT

#include "win32/transport/socket_transport.hpp"

#include "common/diagnostics/log.hpp"
#include "common/time/deadline.hpp"
#include "win32/system/addresses.hpp"
#include "win32/system/last_error.hpp"
#include "win32/system/loopback.hpp"

namespace async_socket::detail {

namespace {

constexpr const char* function_name = "socket_transport_connect";

// Connects `socket`, which waits for nothing and nobody but us. Returns 0, or the error.
DWORD connect_within(SOCKET socket, const ADDRINFOW& address, HANDLE progress, HANDLE disconnected,
                     const deadline& limit) noexcept
{
    take_refusal_for_an_answer(socket, *address.ai_addr);
    // This makes the socket non-blocking, too.
    if (WSAEventSelect(socket, progress, FD_CONNECT) != 0) {
        return static_cast<DWORD>(WSAGetLastError());
    }
    if (connect(socket, address.ai_addr, static_cast<int>(address.ai_addrlen)) != 0) {
        const int error = WSAGetLastError();
        if (error != WSAEWOULDBLOCK) {
            return static_cast<DWORD>(error);
        }
        const HANDLE handles[] = {disconnected, progress};
        switch (WaitForMultipleObjects(2, handles, FALSE, limit.remaining_ms())) {
        case WAIT_OBJECT_0:
            return WSAECONNABORTED;
        case WAIT_OBJECT_0 + 1:
            break;
        case WAIT_TIMEOUT:
            return WSAETIMEDOUT;
        default:
            return GetLastError();
        }
        WSANETWORKEVENTS events{};
        if (WSAEnumNetworkEvents(socket, progress, &events) != 0) {
            return static_cast<DWORD>(WSAGetLastError());
        }
        if (events.iErrorCode[FD_CONNECT_BIT] != 0) {
            return static_cast<DWORD>(events.iErrorCode[FD_CONNECT_BIT]);
        }
    }
    return make_blocking(socket) ? 0 : static_cast<DWORD>(WSAGetLastError());
}

// SRS_SOCKET_TRANSPORT_01_013: each address in turn, all within the one limit.
SOCKET connect_to_any(const ADDRINFOW* addresses, HANDLE progress, SOCKET_TRANSPORT_HANDLE transport,
                      const deadline& limit) noexcept
{
    for (const ADDRINFOW* address = addresses; address != nullptr; address = address->ai_next) {
        const SOCKET socket = make_tcp_socket(address->ai_family);
        if (socket == INVALID_SOCKET) {
            log_system_failure(function_name, "WSASocketW", static_cast<DWORD>(WSAGetLastError()));
            continue;
        }
        const DWORD error = connect_within(socket, *address, progress, transport->disconnected, limit);
        if (error == 0) {
            return socket;
        }
        log_system_failure(function_name, "connect", error);
        closesocket(socket);
        if (transport->gate.is_closed() || limit.remaining_ms() == 0) {
            break;
        }
        // The next attempt must not take the end of this one for its own.
        ResetEvent(progress);
    }
    return INVALID_SOCKET;
}

// SRS_SOCKET_TRANSPORT_01_012
SOCKET resolve_and_connect(const char* hostname, std::uint16_t port, SOCKET_TRANSPORT_HANDLE transport,
                           const deadline& limit) noexcept
{
    address_list addresses;
    const DWORD error = addresses.resolve(hostname, port, 0);
    if (error != 0) {
        log_system_failure(function_name, "GetAddrInfoW", error);
        return INVALID_SOCKET;
    }
    SOCKET socket = INVALID_SOCKET;
    const HANDLE progress = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    if (progress == nullptr) {
        log_system_failure(function_name, "CreateEventW", GetLastError());
    } else {
        socket = connect_to_any(addresses.first(), progress, transport, limit);
        CloseHandle(progress);
    }
    return socket;
}

} // namespace

bool connect_to(SOCKET_TRANSPORT_HANDLE transport, const char* hostname, std::uint16_t port,
                const deadline& limit) noexcept
{
    transport->socket = resolve_and_connect(hostname, port, transport, limit);
    return transport->socket != INVALID_SOCKET;
}

} // namespace async_socket::detail
