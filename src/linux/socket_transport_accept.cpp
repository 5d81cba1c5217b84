// SPDX-License-Identifier: MIT

#include "linux/socket_transport.hpp"

#include <sys/socket.h>

#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "common/deadline.hpp"
#include "common/log.hpp"
#include "linux/accept_error.hpp"
#include "linux/socket_transport_wait.hpp"
#include "linux/system_error.hpp"

namespace async_socket::detail {

namespace {

constexpr const char* function_name = "socket_transport_accept";

// SRS_SOCKET_TRANSPORT_01_032, SRS_SOCKET_TRANSPORT_01_033, SRS_SOCKET_TRANSPORT_LINUX_01_007
SOCKET_ACCEPT_RESULT result_of(int error) noexcept
{
    return is_shortage(error) ? SOCKET_ACCEPT_PORT_EXHAUSTION : SOCKET_ACCEPT_ERROR;
}

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_030: OK when it is worth another look.
SOCKET_ACCEPT_RESULT wait_for_connection(SOCKET_TRANSPORT_HANDLE server, const deadline& limit) noexcept
{
    switch (wait_until_ready(server->fd, POLLIN, server->disconnected->descriptor(), limit)) {
    case wait_outcome::ready:
        return SOCKET_ACCEPT_OK;
    case wait_outcome::disconnected:
        log_refused(function_name, "socket_transport", "was disconnected meanwhile");
        return SOCKET_ACCEPT_ERROR;
    case wait_outcome::timed_out:
        return SOCKET_ACCEPT_NO_CONNECTION;
    default:
        log_system_failure(function_name, "poll", errno);
        return result_of(errno);
    }
}

SOCKET_ACCEPT_RESULT accept_within(SOCKET_TRANSPORT_HANDLE server, int& accepted, const deadline& limit) noexcept
{
    for (;;) {
        // Looked at before every wait: with a limit of 0 there is no other look, and another thread may have taken the
        // connection that ended the wait.
        // SRS_SOCKET_TRANSPORT_LINUX_01_001, SRS_SOCKET_TRANSPORT_LINUX_01_003
        accepted = uninterrupted([&] { return accept4(server->fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); });
        if (accepted != -1) {
            return SOCKET_ACCEPT_OK;
        }
        const int error = errno;
        if (error != EAGAIN && !peer_gave_up(error)) {
            // A disconnect has made the socket one that does not listen.
            if (server->gate.is_closed()) {
                log_refused(function_name, "socket_transport", "was disconnected meanwhile");
            } else {
                log_system_failure(function_name, "accept4", error);
            }
            return result_of(error);
        }
        // After a peer that gave up, too, so that a row of them is no way around the limit or past a disconnect.
        const SOCKET_ACCEPT_RESULT result = wait_for_connection(server, limit);
        if (result != SOCKET_ACCEPT_OK) {
            return result;
        }
    }
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

SOCKET_ACCEPT_RESULT socket_transport_accept(SOCKET_TRANSPORT_HANDLE socket_transport,
                                             SOCKET_TRANSPORT_HANDLE* accepted, uint32_t connection_timeout_ms)
{
    // SRS_SOCKET_TRANSPORT_01_028
    if (accepted == nullptr) {
        log_refused(__func__, "accepted", "is NULL");
        return SOCKET_ACCEPT_ERROR;
    }
    // SRS_SOCKET_TRANSPORT_01_034
    *accepted = nullptr;
    if (socket_transport == nullptr) {
        log_refused(__func__, "socket_transport", "is NULL");
        return SOCKET_ACCEPT_ERROR;
    }
    // SRS_SOCKET_TRANSPORT_01_029
    if (socket_transport->type != SOCKET_BINDING) {
        log_refused(__func__, "socket_transport", "is a client transport");
        return SOCKET_ACCEPT_ERROR;
    }
    const transport_use use(socket_transport);
    if (!use) {
        log_refused(__func__, "socket_transport", "is not listening");
        return SOCKET_ACCEPT_ERROR;
    }

    int socket = -1;
    const SOCKET_ACCEPT_RESULT result = accept_within(socket_transport, socket, deadline(connection_timeout_ms));
    if (result != SOCKET_ACCEPT_OK) {
        return result;
    }
    // SRS_SOCKET_TRANSPORT_01_031, SRS_SOCKET_TRANSPORT_01_033
    *accepted = make_connected_transport(__func__, socket);
    if (*accepted == nullptr) {
        close(socket);
        return SOCKET_ACCEPT_ERROR;
    }
    return SOCKET_ACCEPT_OK;
}
