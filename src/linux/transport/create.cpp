// SPDX-License-Identifier: MIT

#include "linux/transport/socket_transport.hpp"

#include <sys/socket.h>

#include <fcntl.h>

#include <cerrno>
#include <memory>
#include <new>
#include <utility>

#include "common/diagnostics/log.hpp"
#include "linux/system/system_error.hpp"

namespace async_socket::detail {

// SRS_SOCKET_TRANSPORT_01_002
SOCKET_TRANSPORT_HANDLE make_unconnected_transport(const char* function, SOCKET_TYPE type) noexcept
{
    std::unique_ptr<disconnect_event> event(new (std::nothrow) disconnect_event);
    if (event != nullptr && !event->make()) {
        log_system_failure(function, "eventfd", errno);
        return nullptr;
    }
    auto* const transport =
        event != nullptr ? new (std::nothrow) SOCKET_TRANSPORT_TAG(type, std::move(event)) : nullptr;
    if (transport == nullptr) {
        log_system_failure(function, "operator new", ENOMEM);
    }
    return transport;
}

namespace {

// SRS_SOCKET_TRANSPORT_LINUX_01_018
bool is_stream_socket(const char* function, int socket) noexcept
{
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) != 0) {
        log_system_failure(function, "getsockopt(SO_TYPE)", errno);
        return false;
    }
    if (type != SOCK_STREAM) {
        log_refused(function, "socket", "is not a stream socket");
        return false;
    }
    return true;
}

// SRS_SOCKET_TRANSPORT_LINUX_01_019: as the sockets are that the transport makes itself, or as it was.
bool make_non_blocking_and_close_on_exec(const char* function, int socket) noexcept
{
    const int status_flags = fcntl(socket, F_GETFL);
    if (status_flags == -1) {
        log_system_failure(function, "fcntl(F_GETFL)", errno);
        return false;
    }
    const int descriptor_flags = fcntl(socket, F_GETFD);
    if (descriptor_flags == -1) {
        log_system_failure(function, "fcntl(F_GETFD)", errno);
        return false;
    }
    if (fcntl(socket, F_SETFL, status_flags | O_NONBLOCK) == -1) {
        log_system_failure(function, "fcntl(F_SETFL)", errno);
        return false;
    }
    if (fcntl(socket, F_SETFD, descriptor_flags | FD_CLOEXEC) == -1) {
        log_system_failure(function, "fcntl(F_SETFD)", errno);
        fcntl(socket, F_SETFL, status_flags);
        return false;
    }
    return true;
}

bool listens(const char* function, int socket) noexcept
{
    int is_listening = 0;
    socklen_t size = sizeof is_listening;
    if (getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &size) != 0) {
        log_system_failure(function, "getsockopt(SO_ACCEPTCONN)", errno);
        return false;
    }
    if (is_listening == 0) {
        log_refused(function, "socket", "does not listen");
    }
    return is_listening != 0;
}

bool is_descriptor(const char* function, int socket) noexcept
{
    if (socket < 0) {
        log_refused(function, "socket", "is not a valid descriptor");
    }
    return socket >= 0;
}

} // namespace

SOCKET_TRANSPORT_HANDLE make_connected_transport(const char* function, int connected) noexcept
{
    auto* transport = new (std::nothrow) SOCKET_TRANSPORT_TAG(connected);
    if (transport == nullptr) {
        log_system_failure(function, "operator new", ENOMEM);
    }
    return transport;
}

// SRS_SOCKET_TRANSPORT_01_005
SOCKET_TRANSPORT_HANDLE adopt_socket(const char* function, SOCKET_HANDLE socket) noexcept
{
    if (!is_descriptor(function, socket) || !is_stream_socket(function, socket)) {
        return nullptr;
    }
    SOCKET_TRANSPORT_HANDLE transport = make_connected_transport(function, socket);
    if (transport != nullptr && !make_non_blocking_and_close_on_exec(function, socket)) {
        // Not released: that would be for a transport that owns its socket.
        delete transport;
        return nullptr;
    }
    return transport;
}

// SRS_LISTEN_OPTIONS_01_006, SRS_LISTEN_OPTIONS_01_007
bool adopt_listening(const char* function, SOCKET_TRANSPORT_HANDLE transport, SOCKET_HANDLE socket) noexcept
{
    if (!is_descriptor(function, socket) || !is_stream_socket(function, socket) || !listens(function, socket) ||
        !make_non_blocking_and_close_on_exec(function, socket)) {
        return false;
    }
    transport->fd = socket;
    transport->may_be_shared = true;
    return true;
}

} // namespace async_socket::detail
