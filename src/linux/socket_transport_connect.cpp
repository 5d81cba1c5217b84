// SPDX-License-Identifier: MIT

#include "linux/socket_transport.hpp"

#include <sys/socket.h>

#include <netdb.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "common/deadline.hpp"
#include "common/log.hpp"
#include "linux/connect_socket.hpp"
#include "linux/socket_transport_resolve.hpp"
#include "linux/socket_transport_wait.hpp"
#include "linux/system_error.hpp"

namespace async_socket::detail {

namespace {

constexpr const char* function_name = "socket_transport_connect";

// Waits for what was begun. Returns 0 when connected, or the error.
int finish_connect(int socket, int disconnected, const deadline& limit) noexcept
{
    switch (wait_until_ready(socket, POLLOUT, disconnected, limit)) {
    case wait_outcome::ready:
        break;
    case wait_outcome::disconnected:
        return ECONNABORTED;
    case wait_outcome::timed_out:
        return ETIMEDOUT;
    default:
        return errno;
    }
    return error_of_connect(socket);
}

// Connects `socket`. Returns 0, or the error.
int connect_within(int socket, const addrinfo& address, int disconnected, const deadline& limit) noexcept
{
    int error = begin_connect(socket, *address.ai_addr, address.ai_addrlen);
    if (error == EINPROGRESS) {
        error = finish_connect(socket, disconnected, limit);
    }
    return error == 0 ? refuse_own_echo(socket) : error;
}

// SRS_SOCKET_TRANSPORT_01_013: each address in turn, all within the one limit.
int connect_to_any(const addrinfo* addresses, SOCKET_TRANSPORT_HANDLE transport, const deadline& limit) noexcept
{
    for (const addrinfo* address = addresses; address != nullptr; address = address->ai_next) {
        const int socket = make_tcp_socket(address->ai_family);
        if (socket == -1) {
            log_system_failure(function_name, "socket", errno);
            continue;
        }
        const int error = connect_within(socket, *address, transport->disconnected->descriptor(), limit);
        if (error == 0) {
            return socket;
        }
        log_system_failure(function_name, "connect", error);
        close(socket);
        if (transport->gate.is_closed() || limit.remaining_ms() == 0) {
            break;
        }
    }
    return -1;
}

// SRS_SOCKET_TRANSPORT_01_012
int resolve_and_connect(const char* hostname, std::uint16_t port, SOCKET_TRANSPORT_HANDLE transport,
                        const deadline& limit) noexcept
{
    const address_list addresses = resolve(function_name, hostname, port, 0);
    return addresses == nullptr ? -1 : connect_to_any(addresses.get(), transport, limit);
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

    const int socket = resolve_and_connect(hostname, port, socket_transport, deadline(connection_timeout_ms));
    // SRS_SOCKET_TRANSPORT_01_015
    if (socket == -1) {
        socket_transport->gate.abandon_setup();
        return 1;
    }
    socket_transport->fd = socket;
    if (!transport_open(socket_transport)) {
        log_refused(__func__, "socket_transport", "was disconnected meanwhile");
        close(socket);
        return 1;
    }
    // SRS_SOCKET_TRANSPORT_LINUX_01_021
    socket_transport->disconnected->retire();
    // SRS_SOCKET_TRANSPORT_01_014
    return 0;
}
