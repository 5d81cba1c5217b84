// SPDX-License-Identifier: MIT

#include "linux/socket_transport.hpp"

#include <sys/socket.h>

#include <fcntl.h>

#include <cerrno>
#include <memory>
#include <new>
#include <utility>

#include "common/log.hpp"
#include "linux/system_error.hpp"

namespace async_socket::detail {

namespace {

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

} // namespace

SOCKET_TRANSPORT_HANDLE make_connected_transport(const char* function, int connected) noexcept
{
    auto* transport = new (std::nothrow) SOCKET_TRANSPORT_TAG(SOCKET_CLIENT, connected);
    if (transport == nullptr) {
        log_system_failure(function, "operator new", ENOMEM);
    }
    return transport;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

// SRS_SOCKET_TRANSPORT_01_001
SOCKET_TRANSPORT_HANDLE socket_transport_create_client(void)
{
    return make_unconnected_transport(__func__, SOCKET_CLIENT);
}

// SRS_SOCKET_TRANSPORT_01_003
SOCKET_TRANSPORT_HANDLE socket_transport_create_server(void)
{
    return make_unconnected_transport(__func__, SOCKET_BINDING);
}

// SRS_SOCKET_TRANSPORT_01_004, SRS_SOCKET_TRANSPORT_01_005
SOCKET_TRANSPORT_HANDLE socket_transport_create_from_socket(SOCKET_HANDLE socket)
{
    if (socket < 0) {
        log_refused(__func__, "socket", "is not a valid descriptor");
        return nullptr;
    }
    if (!is_stream_socket(__func__, socket)) {
        return nullptr;
    }
    SOCKET_TRANSPORT_HANDLE transport = make_connected_transport(__func__, socket);
    if (transport != nullptr && !make_non_blocking_and_close_on_exec(__func__, socket)) {
        // Not released: that would be for a transport that owns its socket.
        delete transport;
        return nullptr;
    }
    return transport;
}
