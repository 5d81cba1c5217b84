// SPDX-License-Identifier: MIT

#include "win32/socket_transport.hpp"

#include <ws2tcpip.h>

#include <cstdio>

#include "common/log.hpp"
#include "win32/last_error.hpp"

namespace async_socket::detail {

namespace {

struct listener {
    SOCKET socket = INVALID_SOCKET;
    HANDLE connection_came = nullptr;
};

// Where a step fails, `failed_call` names it and the last error is its own.
struct attempt {
    const char* failed_call = nullptr;
    DWORD error = 0;
};

attempt failed(const char* call) noexcept
{
    return {call, static_cast<DWORD>(WSAGetLastError())};
}

attempt set_up(SOCKET socket, const sockaddr* address, int address_length, HANDLE connection_came,
               bool dual_stack) noexcept
{
    // SRS_SOCKET_TRANSPORT_WIN32_01_003: nobody else may bind the same port over our head.
    const int on = 1;
    if (setsockopt(socket, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<const char*>(&on), sizeof on) != 0) {
        return failed("setsockopt(SO_EXCLUSIVEADDRUSE)");
    }
    if (address->sa_family == AF_INET6) {
        const int v6_only = dual_stack ? 0 : 1;
        if (setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, reinterpret_cast<const char*>(&v6_only), sizeof v6_only) !=
            0) {
            return failed("setsockopt(IPV6_V6ONLY)");
        }
    }
    if (bind(socket, address, address_length) != 0) {
        return failed("bind");
    }
    // Before listen, so that no connection comes unannounced. It makes the socket non-blocking, too.
    if (WSAEventSelect(socket, connection_came, FD_ACCEPT) != 0) {
        return failed("WSAEventSelect");
    }
    if (listen(socket, SOMAXCONN) != 0) {
        return failed("listen");
    }
    return {};
}

// Makes a listener of its own for the address, or nothing at all.
attempt make_listener(const sockaddr* address, int address_length, bool dual_stack, listener& made) noexcept
{
    const SOCKET socket = make_tcp_socket(address->sa_family);
    if (socket == INVALID_SOCKET) {
        return failed("WSASocketW");
    }
    // Auto-reset: one connection wakes one of those who wait in accept.
    const HANDLE connection_came = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    attempt result = connection_came == nullptr ? failed("CreateEventW")
                                                : set_up(socket, address, address_length, connection_came, dual_stack);
    if (result.failed_call == nullptr) {
        made = {socket, connection_came};
        return result;
    }
    closesocket(socket);
    if (connection_came != nullptr) {
        CloseHandle(connection_came);
    }
    return result;
}

// SRS_SOCKET_TRANSPORT_01_019
attempt listen_everywhere(std::uint16_t port, listener& made) noexcept
{
    sockaddr_in6 any_v6{};
    any_v6.sin6_family = AF_INET6;
    any_v6.sin6_port = htons(port);
    const attempt result = make_listener(reinterpret_cast<const sockaddr*>(&any_v6), sizeof any_v6, true, made);
    // What a machine without IPv6 answers. Every other failure would be the same for IPv4, or hide a mistake.
    if (result.error != WSAEAFNOSUPPORT && result.error != WSAEADDRNOTAVAIL) {
        return result;
    }
    sockaddr_in any_v4{};
    any_v4.sin_family = AF_INET;
    any_v4.sin_port = htons(port);
    return make_listener(reinterpret_cast<const sockaddr*>(&any_v4), sizeof any_v4, false, made);
}

// SRS_SOCKET_TRANSPORT_01_021, SRS_SOCKET_TRANSPORT_01_022
attempt listen_on(const char* numeric_address, std::uint16_t port, listener& made) noexcept
{
    char service[6];
    std::snprintf(service, sizeof service, "%u", static_cast<unsigned>(port));
    addrinfo hints{};
    hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST;
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_protocol = IPPROTO_TCP;
    addrinfo* address = nullptr;
    const int error = getaddrinfo(numeric_address, service, &hints, &address);
    if (error != 0) {
        return {"getaddrinfo", static_cast<DWORD>(error)};
    }
    const attempt result = make_listener(address->ai_addr, static_cast<int>(address->ai_addrlen), false, made);
    freeaddrinfo(address);
    return result;
}

bool may_listen(const char* function, SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    // SRS_SOCKET_TRANSPORT_01_016
    if (transport == nullptr) {
        log_refused(function, "socket_transport", "is NULL");
        return false;
    }
    // SRS_SOCKET_TRANSPORT_01_018
    if (transport->type != SOCKET_BINDING) {
        log_refused(function, "socket_transport", "is a client transport");
        return false;
    }
    return true;
}

template <typename make>
int listen_with(const char* function, SOCKET_TRANSPORT_HANDLE transport, make make_it) noexcept
{
    const transport_reference reference(transport);
    // SRS_SOCKET_TRANSPORT_01_018
    if (!transport->gate.begin_setup()) {
        log_refused(function, "socket_transport", "is listening already or was disconnected");
        return 1;
    }
    listener made;
    const attempt result = make_it(made);
    // SRS_SOCKET_TRANSPORT_01_020
    if (result.failed_call != nullptr) {
        log_system_failure(function, result.failed_call, result.error);
        transport->gate.abandon_setup();
        return 1;
    }
    transport->socket = made.socket;
    transport->connection_came = made.connection_came;
    if (!transport_open(transport)) {
        // The event goes with the transport.
        log_refused(function, "socket_transport", "was disconnected meanwhile");
        closesocket(made.socket);
        return 1;
    }
    return 0;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

int socket_transport_listen(SOCKET_TRANSPORT_HANDLE socket_transport, uint16_t port)
{
    if (!may_listen(__func__, socket_transport)) {
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_017
    if (port == 0) {
        log_refused(__func__, "port", "is 0");
        return 1;
    }
    return listen_with(__func__, socket_transport, [port](listener& made) { return listen_everywhere(port, made); });
}

int socket_transport_listen_at(SOCKET_TRANSPORT_HANDLE socket_transport, const char* address, uint16_t port)
{
    if (!may_listen(__func__, socket_transport)) {
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_022
    if (address == nullptr) {
        log_refused(__func__, "address", "is NULL");
        return 1;
    }
    return listen_with(__func__, socket_transport,
                       [address, port](listener& made) { return listen_on(address, port, made); });
}
