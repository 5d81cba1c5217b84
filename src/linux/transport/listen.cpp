// SPDX-License-Identifier: MIT

#include "linux/transport/socket_transport.hpp"

#include <sys/socket.h>

#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "common/diagnostics/log.hpp"
#include "linux/system/address_text.hpp"
#include "linux/transport/resolve.hpp"

namespace async_socket::detail {

namespace {

// A listener; or -1, the system call that failed and its error.
struct attempt {
    int listener = -1;
    const char* failed_call = nullptr;
    int error = 0;
};

// Returns nullptr, or the system call that failed with errno.
const char* set_up(int socket, const sockaddr* address, socklen_t address_length,
                   const SOCKET_LISTEN_OPTIONS& options) noexcept
{
    // SRS_SOCKET_TRANSPORT_LINUX_01_004: a server that is started again must not wait for its old connections to fade.
    const int on = 1;
    if (setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) {
        return "setsockopt(SO_REUSEADDR)";
    }
    // SRS_LISTEN_OPTIONS_01_002
    if (options.reuse_port && setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
        return "setsockopt(SO_REUSEPORT)";
    }
    // SRS_SOCKET_TRANSPORT_01_019, SRS_SOCKET_TRANSPORT_LINUX_01_005
    if (address->sa_family == AF_INET6) {
        const int v6_only = options.v6_only ? 1 : 0;
        if (setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, sizeof v6_only) != 0) {
            return "setsockopt(IPV6_V6ONLY)";
        }
    }
    if (bind(socket, address, address_length) != 0) {
        return "bind";
    }
    // SRS_LISTEN_OPTIONS_01_005
    const int backlog =
        options.backlog == 0 ? SOMAXCONN : static_cast<int>(std::min<std::uint32_t>(options.backlog, INT_MAX));
    return listen(socket, backlog) == 0 ? nullptr : "listen";
}

attempt make_listener(const sockaddr* address, socklen_t address_length, const SOCKET_LISTEN_OPTIONS& options) noexcept
{
    const int socket = make_tcp_socket(address->sa_family);
    if (socket == -1) {
        return {-1, "socket", errno};
    }
    const char* failed_call = set_up(socket, address, address_length, options);
    if (failed_call != nullptr) {
        const attempt result{-1, failed_call, errno};
        close(socket);
        return result;
    }
    return {socket, nullptr, 0};
}

// Reports a failure, if it is one.
attempt reported(const char* function, const sockaddr& address, socklen_t length, const attempt& result) noexcept
{
    if (result.listener == -1) {
        log_failure_at(function, result.failed_call, address, length, result.error);
    }
    return result;
}

// SRS_SOCKET_TRANSPORT_01_019
attempt listen_everywhere(const char* function, std::uint16_t port, const SOCKET_LISTEN_OPTIONS& options) noexcept
{
    sockaddr_in6 any_v6{};
    any_v6.sin6_family = AF_INET6;
    any_v6.sin6_port = htons(port);
    const auto* const v6 = reinterpret_cast<const sockaddr*>(&any_v6);
    const attempt result = make_listener(v6, sizeof any_v6, options);
    // What a machine without IPv6 answers. Every other failure would be the same for IPv4, or hide a mistake.
    // SRS_LISTEN_OPTIONS_01_004
    if (options.v6_only || (result.error != EAFNOSUPPORT && result.error != EADDRNOTAVAIL)) {
        return reported(function, *v6, sizeof any_v6, result);
    }
    sockaddr_in any_v4{};
    any_v4.sin_family = AF_INET;
    any_v4.sin_port = htons(port);
    const auto* const v4 = reinterpret_cast<const sockaddr*>(&any_v4);
    return reported(function, *v4, sizeof any_v4, make_listener(v4, sizeof any_v4, options));
}

// SRS_SOCKET_TRANSPORT_01_021, SRS_SOCKET_TRANSPORT_01_022
attempt listen_on(const char* function, const char* numeric_address, std::uint16_t port,
                  SOCKET_LISTEN_OPTIONS options) noexcept
{
    int error = 0;
    int system_error = 0;
    const address_list address =
        resolve_quietly(numeric_address, port, AI_PASSIVE | AI_NUMERICHOST, error, system_error);
    if (address == nullptr) {
        log_resolver_failure_of(function, numeric_address, error, system_error);
        // SRS_SOCKET_TRANSPORT_01_060: what else it says is that this is no numeric address.
        const int reason = error == EAI_SYSTEM ? system_error : error == EAI_MEMORY ? ENOMEM : EINVAL;
        return {-1, "getaddrinfo", reason};
    }
    options.v6_only = true;
    return reported(function, *address->ai_addr, address->ai_addrlen,
                    make_listener(address->ai_addr, address->ai_addrlen, options));
}

} // namespace

bool listen_at(const char* function, SOCKET_TRANSPORT_HANDLE transport, const listen_request& request,
               std::int32_t& system_error) noexcept
{
    const attempt result = request.address == nullptr
                               ? listen_everywhere(function, request.port, request.options)
                               : listen_on(function, request.address, request.port, request.options);
    transport->fd = result.listener;
    system_error = result.error;
    return result.listener != -1;
}

} // namespace async_socket::detail
