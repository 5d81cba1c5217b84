// SPDX-License-Identifier: MIT
//
// The system's socket of a transport: its making, and its end.

#include "linux/transport/socket_transport.hpp"

#include <sys/socket.h>

#include <netinet/in.h>
#include <unistd.h>

#include <cerrno>

#include "linux/system/system_error.hpp"

namespace async_socket::detail {

constinit const bool has_overlapped_transfers = false;
constinit const SOCKET_HANDLE no_socket = -1;

transport_core& core_of(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    return *transport;
}

SOCKET_HANDLE socket_of(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    return transport->fd;
}

SOCKET_HANDLE give_socket_up(const char*, SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    return transport->fd;
}

void dispose_transport(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    const errno_guard guard;
    delete transport;
}

// SRS_SOCKET_TRANSPORT_LINUX_01_003: not again where a signal interrupts it, since the descriptor is gone then, too,
// and may be somebody else's.
void close_system_socket(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    const errno_guard guard;
    close(transport->fd);
}

void discard_socket(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    close(transport->fd);
}

void signal_disconnected(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    if (transport->disconnected != nullptr) {
        transport->disconnected->signal();
    }
}

void set_error_not_connected() noexcept
{
    errno = ENOTCONN;
}

namespace {

// SRS_SOCKET_OPTIONS_01_007: the system takes a connection to nowhere for the end of the one there is, at once and
// without good-bye. Where it refuses, what is left is to say good-bye rudely.
void reset_connection(int socket) noexcept
{
    sockaddr nowhere{};
    nowhere.sa_family = AF_UNSPEC;
    if (connect(socket, &nowhere, sizeof nowhere) == 0) {
        return;
    }
    const linger at_once{1, 0};
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    shutdown(socket, SHUT_RDWR);
}

// A shutdown ends the listening of all that have the socket. Here it would be for the pending accepts of a listener
// only: what waits in socket_transport_accept is woken by signal_disconnected. SRS_LISTEN_OPTIONS_01_008
bool is_to_be_left_to_others(const SOCKET_TRANSPORT_TAG& transport) noexcept
{
    return transport.may_be_shared && !transport.owner.is_taken();
}

} // namespace

void end_connection(SOCKET_TRANSPORT_HANDLE transport, disconnect_mode mode) noexcept
{
    switch (mode) {
    case disconnect_mode::in_order:
        // SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_027, SRS_SOCKET_TRANSPORT_LINUX_01_020: a close would
        // wake nobody, and would not even end the connection while the system itself still works on the socket.
        if (!is_to_be_left_to_others(*transport)) {
            shutdown(transport->fd, SHUT_RDWR);
        }
        break;
    case disconnect_mode::reset:
        reset_connection(transport->fd);
        break;
    case disconnect_mode::leave_connected:
        break;
    }
}

// SRS_SOCKET_TRANSPORT_LINUX_01_001
int make_tcp_socket(int address_family) noexcept
{
    return socket(address_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
}

} // namespace async_socket::detail
