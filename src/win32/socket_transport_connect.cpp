// SPDX-License-Identifier: MIT

#include "win32/socket_transport.hpp"

#include <ws2tcpip.h>

#include <cstdio>

#include "common/deadline.hpp"
#include "common/log.hpp"
#include "win32/last_error.hpp"

namespace async_socket::detail {

namespace {

constexpr const char* function_name = "socket_transport_connect";

// Connects `socket`, which waits for nothing and nobody but us. Returns 0, or the error.
DWORD connect_within(SOCKET socket, const addrinfo& address, HANDLE progress, HANDLE disconnected,
                     const deadline& limit) noexcept
{
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
SOCKET connect_to_any(const addrinfo* addresses, HANDLE progress, SOCKET_TRANSPORT_HANDLE transport,
                      const deadline& limit) noexcept
{
    for (const addrinfo* address = addresses; address != nullptr; address = address->ai_next) {
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
    char service[6];
    std::snprintf(service, sizeof service, "%u", static_cast<unsigned>(port));
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_protocol = IPPROTO_TCP;
    addrinfo* addresses = nullptr;
    const int error = getaddrinfo(hostname, service, &hints, &addresses);
    if (error != 0) {
        log_system_failure(function_name, "getaddrinfo", static_cast<DWORD>(error));
        return INVALID_SOCKET;
    }
    SOCKET socket = INVALID_SOCKET;
    const HANDLE progress = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    if (progress == nullptr) {
        log_system_failure(function_name, "CreateEventW", GetLastError());
    } else {
        socket = connect_to_any(addresses, progress, transport, limit);
        CloseHandle(progress);
    }
    freeaddrinfo(addresses);
    return socket;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

int socket_transport_connect(SOCKET_TRANSPORT_HANDLE socket_transport, const char* hostname, uint16_t port,
                             uint32_t connection_timeout_ms)
{
    // SRS_SOCKET_TRANSPORT_01_008
    if (socket_transport == nullptr || hostname == nullptr) {
        log_refused(__func__, socket_transport == nullptr ? "socket_transport" : "hostname", "is NULL");
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_009
    if (port == 0) {
        log_refused(__func__, "port", "is 0");
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_010
    if (socket_transport->type != SOCKET_CLIENT) {
        log_refused(__func__, "socket_transport", "is a server transport");
        return 1;
    }
    const transport_reference reference(socket_transport);
    // SRS_SOCKET_TRANSPORT_01_011
    if (!socket_transport->gate.begin_setup()) {
        log_refused(__func__, "socket_transport", "is connected, being connected, or disconnected");
        return 1;
    }

    const deadline limit(connection_timeout_ms);
    const SOCKET socket = resolve_and_connect(hostname, port, socket_transport, limit);
    // SRS_SOCKET_TRANSPORT_01_015
    if (socket == INVALID_SOCKET) {
        socket_transport->gate.abandon_setup();
        return 1;
    }
    socket_transport->socket = socket;
    if (!transport_open(socket_transport)) {
        log_refused(__func__, "socket_transport", "was disconnected meanwhile");
        closesocket(socket);
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_014
    return 0;
}
