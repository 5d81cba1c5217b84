// SPDX-License-Identifier: MIT
//
// Disconnecting and freeing a transport, and the questions it answers.

#include "linux/socket_transport.hpp"

#include <sys/socket.h>

#include <netdb.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

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
    const transport_reference reference(socket_transport);
    const use_gate::disconnect_result result = socket_transport->gate.disconnect();
    // SRS_SOCKET_TRANSPORT_01_025: wakes connect and accept.
    socket_transport->disconnected.signal();
    // SRS_SOCKET_TRANSPORT_01_024
    if (result == use_gate::disconnect_result::entered) {
        // SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_027, SRS_SOCKET_TRANSPORT_LINUX_01_020: a close would
        // wake nobody, and would not even end the connection while the system itself still works on the socket.
        shutdown(socket_transport->fd, SHUT_RDWR);
        transport_use::leave(socket_transport);
    }
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

// SRS_SOCKET_TRANSPORT_01_048, SRS_SOCKET_TRANSPORT_01_049
int socket_transport_get_local_endpoint(SOCKET_TRANSPORT_HANDLE socket_transport, char* host, size_t size,
                                        uint16_t* port)
{
    if (socket_transport == nullptr || host == nullptr || port == nullptr) {
        log_refused(__func__,
                    socket_transport == nullptr ? "socket_transport"
                    : host == nullptr           ? "host"
                                                : "port",
                    "is NULL");
        return 1;
    }
    const transport_use use(socket_transport);
    if (!use) {
        log_refused(__func__, "socket_transport", "is neither connected nor listening");
        return 1;
    }
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (getsockname(socket_transport->fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        log_system_failure(__func__, "getsockname", errno);
        return 1;
    }
    // A transport may have been made of a stream socket of another kind.
    if (address.ss_family != AF_INET && address.ss_family != AF_INET6) {
        log_refused(__func__, "socket_transport", "has no address and port");
        return 1;
    }
    char numeric[NI_MAXHOST];
    const int error = getnameinfo(reinterpret_cast<const sockaddr*>(&address), length, numeric, sizeof numeric, nullptr,
                                  0, NI_NUMERICHOST);
    if (error != 0) {
        log_resolver_failure(__func__, "getnameinfo", error, errno);
        return 1;
    }
    const std::size_t needed = std::strlen(numeric) + 1;
    if (needed > size) {
        log_refused(__func__, "size", "is too small for the address");
        return 1;
    }
    std::memcpy(host, numeric, needed);
    // The port stands at the same place in the address of either family.
    static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
    *port = ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
    return 0;
}
