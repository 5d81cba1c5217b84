// SPDX-License-Identifier: MIT

#include "linux/socket_transport.hpp"

#include <sys/socket.h>

#include <netinet/in.h>
#include <unistd.h>

#include <cerrno>

#include "common/log.hpp"
#include "linux/socket_transport_resolve.hpp"
#include "linux/system_error.hpp"

namespace async_socket::detail {

namespace {

// A listener; or -1, the system call that failed and its error.
struct attempt {
    int listener = -1;
    const char* failed_call = nullptr;
    int error = 0;
};

// Returns nullptr, or the system call that failed with errno.
const char* set_up(int socket, const sockaddr* address, socklen_t address_length, bool dual_stack) noexcept
{
    // SRS_SOCKET_TRANSPORT_LINUX_01_004: a server that is started again must not wait for its old connections to fade.
    const int on = 1;
    if (setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) {
        return "setsockopt(SO_REUSEADDR)";
    }
    // SRS_SOCKET_TRANSPORT_01_019, SRS_SOCKET_TRANSPORT_LINUX_01_005
    if (address->sa_family == AF_INET6) {
        const int v6_only = dual_stack ? 0 : 1;
        if (setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, sizeof v6_only) != 0) {
            return "setsockopt(IPV6_V6ONLY)";
        }
    }
    if (bind(socket, address, address_length) != 0) {
        return "bind";
    }
    return listen(socket, SOMAXCONN) == 0 ? nullptr : "listen";
}

attempt make_listener(const sockaddr* address, socklen_t address_length, bool dual_stack) noexcept
{
    const int socket = make_tcp_socket(address->sa_family);
    if (socket == -1) {
        return {-1, "socket", errno};
    }
    const char* failed_call = set_up(socket, address, address_length, dual_stack);
    if (failed_call != nullptr) {
        const attempt result{-1, failed_call, errno};
        close(socket);
        return result;
    }
    return {socket, nullptr, 0};
}

// Returns the listener; -1 after a failure, which it has reported.
int reported(const char* function, const attempt& result) noexcept
{
    if (result.listener == -1) {
        log_system_failure(function, result.failed_call, result.error);
    }
    return result.listener;
}

// SRS_SOCKET_TRANSPORT_01_019
int listen_everywhere(const char* function, std::uint16_t port) noexcept
{
    sockaddr_in6 any_v6{};
    any_v6.sin6_family = AF_INET6;
    any_v6.sin6_port = htons(port);
    const attempt result = make_listener(reinterpret_cast<const sockaddr*>(&any_v6), sizeof any_v6, true);
    // What a machine without IPv6 answers. Every other failure would be the same for IPv4, or hide a mistake.
    if (result.error != EAFNOSUPPORT && result.error != EADDRNOTAVAIL) {
        return reported(function, result);
    }
    sockaddr_in any_v4{};
    any_v4.sin_family = AF_INET;
    any_v4.sin_port = htons(port);
    return reported(function, make_listener(reinterpret_cast<const sockaddr*>(&any_v4), sizeof any_v4, false));
}

// SRS_SOCKET_TRANSPORT_01_021, SRS_SOCKET_TRANSPORT_01_022
int listen_on(const char* function, const char* numeric_address, std::uint16_t port) noexcept
{
    const address_list address = resolve(function, numeric_address, port, AI_PASSIVE | AI_NUMERICHOST);
    return address == nullptr ? -1 : reported(function, make_listener(address->ai_addr, address->ai_addrlen, false));
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
int listen_with(const char* function, SOCKET_TRANSPORT_HANDLE transport, make make_listener_fd) noexcept
{
    const transport_reference reference(transport);
    // SRS_SOCKET_TRANSPORT_01_018
    if (!transport->gate.begin_setup()) {
        log_refused(function, "socket_transport", "is listening already or was disconnected");
        return 1;
    }
    const int listener = make_listener_fd();
    // SRS_SOCKET_TRANSPORT_01_020
    if (listener == -1) {
        transport->gate.abandon_setup();
        return 1;
    }
    transport->fd = listener;
    if (!transport_open(transport)) {
        log_refused(function, "socket_transport", "was disconnected meanwhile");
        close(listener);
        return 1;
    }
    return 0;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

int socket_transport_listen(SOCKET_TRANSPORT_HANDLE socket_transport, uint16_t port)
{
    const char* const function = __func__;
    if (!may_listen(function, socket_transport)) {
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_017
    if (port == 0) {
        log_refused(function, "port", "is 0");
        return 1;
    }
    return listen_with(function, socket_transport, [=] { return listen_everywhere(function, port); });
}

int socket_transport_listen_at(SOCKET_TRANSPORT_HANDLE socket_transport, const char* address, uint16_t port)
{
    const char* const function = __func__;
    if (!may_listen(function, socket_transport)) {
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_01_022
    if (address == nullptr) {
        log_refused(function, "address", "is NULL");
        return 1;
    }
    return listen_with(function, socket_transport, [=] { return listen_on(function, address, port); });
}
