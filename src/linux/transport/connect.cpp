// SPDX-License-Identifier: MIT

#include "linux/transport/socket_transport.hpp"

#include <sys/socket.h>

#include <netdb.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "common/diagnostics/log.hpp"
#include "common/time/deadline.hpp"
#include "linux/system/address_text.hpp"
#include "linux/system/system_error.hpp"
#include "linux/transport/connect_socket.hpp"
#include "linux/transport/resolve.hpp"
#include "linux/transport/wait.hpp"

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
        log_failure_at(function_name, "connect", *address->ai_addr, address->ai_addrlen, error);
        close(socket);
        if (transport->gate.is_closed() || limit.remaining_ms() == 0) {
            break;
        }
    }
    return -1;
}

} // namespace

// SRS_SOCKET_TRANSPORT_01_012
bool connect_to(SOCKET_TRANSPORT_HANDLE transport, const char* hostname, std::uint16_t port,
                const deadline& limit) noexcept
{
    const address_list addresses = resolve(function_name, hostname, port, 0);
    const int socket = addresses == nullptr ? -1 : connect_to_any(addresses.get(), transport, limit);
    if (socket == -1) {
        return false;
    }
    transport->fd = socket;
    // SRS_SOCKET_TRANSPORT_LINUX_01_021: nobody else waits in connect.
    transport->disconnected->retire();
    return true;
}

} // namespace async_socket::detail
