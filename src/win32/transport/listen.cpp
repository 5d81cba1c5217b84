// SPDX-License-Identifier: MIT

#include "win32/transport/socket_transport.hpp"

#include <ws2tcpip.h>

#include <algorithm>
#include <climits>

#include "common/diagnostics/log.hpp"
#include "win32/system/addresses.hpp"
#include "win32/system/last_error.hpp"

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
               const SOCKET_LISTEN_OPTIONS& options) noexcept
{
    // SRS_SOCKET_TRANSPORT_WIN32_01_003: nobody else may bind the same port over our head.
    const int on = 1;
    if (setsockopt(socket, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<const char*>(&on), sizeof on) != 0) {
        return failed("setsockopt(SO_EXCLUSIVEADDRUSE)");
    }
    if (address->sa_family == AF_INET6) {
        const int v6_only = options.v6_only ? 1 : 0;
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
    // SRS_LISTEN_OPTIONS_01_005
    const int backlog =
        options.backlog == 0 ? SOMAXCONN : static_cast<int>(std::min<std::uint32_t>(options.backlog, INT_MAX));
    if (listen(socket, backlog) != 0) {
        return failed("listen");
    }
    return {};
}

// Makes a listener of its own for the address, or nothing at all.
attempt make_listener(const sockaddr* address, int address_length, const SOCKET_LISTEN_OPTIONS& options,
                      listener& made) noexcept
{
    const SOCKET socket = make_tcp_socket(address->sa_family);
    if (socket == INVALID_SOCKET) {
        return failed("WSASocketW");
    }
    // Auto-reset: one connection wakes one of those who wait in accept.
    const HANDLE connection_came = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    attempt result = connection_came == nullptr ? failed("CreateEventW")
                                                : set_up(socket, address, address_length, connection_came, options);
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
attempt listen_everywhere(std::uint16_t port, const SOCKET_LISTEN_OPTIONS& options, listener& made) noexcept
{
    sockaddr_in6 any_v6{};
    any_v6.sin6_family = AF_INET6;
    any_v6.sin6_port = htons(port);
    const attempt result = make_listener(reinterpret_cast<const sockaddr*>(&any_v6), sizeof any_v6, options, made);
    // What a machine without IPv6 answers. Every other failure would be the same for IPv4, or hide a mistake.
    // SRS_LISTEN_OPTIONS_01_004
    if (options.v6_only || (result.error != WSAEAFNOSUPPORT && result.error != WSAEADDRNOTAVAIL)) {
        return result;
    }
    sockaddr_in any_v4{};
    any_v4.sin_family = AF_INET;
    any_v4.sin_port = htons(port);
    return make_listener(reinterpret_cast<const sockaddr*>(&any_v4), sizeof any_v4, options, made);
}

// SRS_SOCKET_TRANSPORT_01_021, SRS_SOCKET_TRANSPORT_01_022
attempt listen_on(const char* numeric_address, std::uint16_t port, SOCKET_LISTEN_OPTIONS options,
                  listener& made) noexcept
{
    address_list addresses;
    const DWORD error = addresses.resolve(numeric_address, port, AI_PASSIVE | AI_NUMERICHOST);
    if (error != 0) {
        return {"GetAddrInfoW", error};
    }
    const ADDRINFOW& address = *addresses.first();
    options.v6_only = true;
    return make_listener(address.ai_addr, static_cast<int>(address.ai_addrlen), options, made);
}

} // namespace

bool listen_at(const char* function, SOCKET_TRANSPORT_HANDLE transport, const listen_request& request,
               std::int32_t& system_error) noexcept
{
    // SRS_LISTEN_OPTIONS_01_003
    if (request.options.reuse_port) {
        log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "%s: several listeners on one port are not offered on this platform",
            function);
        system_error = WSAEOPNOTSUPP;
        return false;
    }
    listener made;
    const attempt result = request.address == nullptr ? listen_everywhere(request.port, request.options, made)
                                                      : listen_on(request.address, request.port, request.options, made);
    if (result.failed_call != nullptr) {
        log_system_failure(function, result.failed_call, result.error);
        // SRS_SOCKET_TRANSPORT_01_060: what the resolver says is that this is no numeric address.
        system_error = static_cast<std::int32_t>(result.error == WSAHOST_NOT_FOUND ? WSAEINVAL : result.error);
        return false;
    }
    transport->socket = made.socket;
    transport->connection_came = made.connection_came;
    return true;
}

// SRS_LISTEN_OPTIONS_01_006, SRS_LISTEN_OPTIONS_01_007. The event is the last step, for it makes the socket
// non-blocking.
bool adopt_listening(const char* function, SOCKET_TRANSPORT_HANDLE transport, SOCKET_HANDLE socket) noexcept
{
    const auto listening = reinterpret_cast<SOCKET>(socket);
    if (socket == nullptr || listening == INVALID_SOCKET) {
        log_refused(function, "socket", "is not a valid socket");
        return false;
    }
    int is_listening = 0;
    int size = sizeof is_listening;
    if (getsockopt(listening, SOL_SOCKET, SO_ACCEPTCONN, reinterpret_cast<char*>(&is_listening), &size) != 0) {
        log_system_failure(function, "getsockopt(SO_ACCEPTCONN)", static_cast<DWORD>(WSAGetLastError()));
        return false;
    }
    if (is_listening == 0) {
        log_refused(function, "socket", "does not listen");
        return false;
    }
    const HANDLE connection_came = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    if (connection_came == nullptr) {
        log_system_failure(function, "CreateEventW", GetLastError());
        return false;
    }
    if (WSAEventSelect(listening, connection_came, FD_ACCEPT) != 0) {
        log_system_failure(function, "WSAEventSelect", static_cast<DWORD>(WSAGetLastError()));
        CloseHandle(connection_came);
        return false;
    }
    transport->socket = listening;
    transport->connection_came = connection_came;
    return true;
}

} // namespace async_socket::detail
