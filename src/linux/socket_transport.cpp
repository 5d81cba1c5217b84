// SPDX-License-Identifier: MIT
//
// Disconnecting and freeing a transport, and the questions it answers.

#include "linux/socket_transport.hpp"

#include <sys/socket.h>

#include <netinet/in.h>
#include <unistd.h>

#include <cerrno>

#include "common/log.hpp"
#include "linux/system_error.hpp"

namespace async_socket::detail {

void transport_add_reference(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    // Relaxed: the caller has a reference already.
    transport->references.fetch_add(1, std::memory_order_relaxed);
}

// SRS_SOCKET_TRANSPORT_01_007
void transport_release(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    if (transport->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
        const errno_guard guard;
        delete transport;
    }
}

// SRS_SOCKET_TRANSPORT_01_026
void transport_use::leave(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    if (transport->gate.leave()) {
        const errno_guard guard;
        // SRS_SOCKET_TRANSPORT_LINUX_01_003: not again where a signal interrupts it, since the descriptor is gone then,
        // too, and may be somebody else's.
        close(transport->fd);
        transport_release(transport);
    }
}

bool transport_open(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    // Before the gate opens, for whoever enters and leaves last gives it back.
    transport_add_reference(transport);
    if (!transport->gate.complete_setup()) {
        transport_release(transport);
        return false;
    }
    return true;
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

} // namespace

void transport_disconnect(SOCKET_TRANSPORT_HANDLE transport, disconnect_mode mode) noexcept
{
    const transport_reference reference(transport);
    const use_gate::disconnect_result result = transport->gate.disconnect();
    // SRS_SOCKET_TRANSPORT_01_025: wakes connect and accept.
    transport->signal_disconnected();
    // SRS_SOCKET_TRANSPORT_01_024
    if (result != use_gate::disconnect_result::entered) {
        return;
    }
    switch (mode) {
    case disconnect_mode::in_order:
        // SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_027, SRS_SOCKET_TRANSPORT_LINUX_01_020: a close would
        // wake nobody, and would not even end the connection while the system itself still works on the socket.
        shutdown(transport->fd, SHUT_RDWR);
        break;
    case disconnect_mode::reset:
        reset_connection(transport->fd);
        break;
    case disconnect_mode::leave_connected:
        break;
    }
    transport_use::leave(transport);
}

// SRS_SOCKET_TRANSPORT_LINUX_01_001
int make_tcp_socket(int address_family) noexcept
{
    return socket(address_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
}

} // namespace async_socket::detail

using namespace async_socket::detail;

void socket_transport_destroy(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    // SRS_SOCKET_TRANSPORT_01_006
    if (socket_transport == nullptr) {
        log_refused(__func__, "socket_transport", "is NULL");
        return;
    }
    // SRS_SOCKET_TRANSPORT_01_007
    socket_transport_disconnect(socket_transport);
    transport_release(socket_transport);
}

void socket_transport_disconnect(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    // SRS_SOCKET_TRANSPORT_01_023
    if (socket_transport == nullptr) {
        log_refused(__func__, "socket_transport", "is NULL");
        return;
    }
    transport_disconnect(socket_transport, disconnect_mode::in_order);
}

// SRS_SOCKET_TRANSPORT_01_046
SOCKET_HANDLE socket_transport_get_underlying_socket(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    if (socket_transport == nullptr) {
        log_refused(__func__, "socket_transport", "is NULL");
        return -1;
    }
    const transport_use use(socket_transport);
    return use ? socket_transport->fd : -1;
}

// SRS_SOCKET_TRANSPORT_01_047
bool socket_transport_is_valid_socket(SOCKET_TRANSPORT_HANDLE socket_transport)
{
    if (socket_transport == nullptr) {
        log_refused(__func__, "socket_transport", "is NULL");
        return false;
    }
    return socket_transport->gate.is_open();
}
