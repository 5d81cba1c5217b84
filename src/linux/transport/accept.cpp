// SPDX-License-Identifier: MIT

#include "linux/transport/socket_transport.hpp"

#include <sys/socket.h>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "common/diagnostics/log.hpp"
#include "common/time/deadline.hpp"
#include "linux/system/address_text.hpp"
#include "linux/system/system_error.hpp"
#include "linux/transport/accept_error.hpp"
#include "linux/transport/wait.hpp"

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

// As long as the system tells the same error for ever. SRS_SOCKET_TRANSPORT_LINUX_01_030
constexpr std::uint32_t pause_ms = 100;

// Waits for a while, whether there is a connection or not. OK when it is worth another look.
SOCKET_ACCEPT_RESULT pause(SOCKET_TRANSPORT_HANDLE server, const deadline& limit) noexcept
{
    const deadline end(std::min(pause_ms, limit.remaining_ms()));
    switch (wait_until_ready(-1, 0, server->disconnected->descriptor(), end)) {
    case wait_outcome::timed_out:
        return limit.remaining_ms() == 0 ? SOCKET_ACCEPT_NO_CONNECTION : SOCKET_ACCEPT_OK;
    case wait_outcome::disconnected:
        log_refused(function_name, "socket_transport", "was disconnected meanwhile");
        return SOCKET_ACCEPT_ERROR;
    default:
        log_system_failure(function_name, "poll", errno);
        return result_of(errno);
    }
}

SOCKET_ACCEPT_RESULT accept_socket(SOCKET_TRANSPORT_HANDLE server, int& accepted, const deadline& limit) noexcept
{
    std::uint32_t failed_in_a_row = 0;
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
                log_failure_at(function_name, "accept4 at", server->fd, error);
            }
            return result_of(error);
        }
        // After a peer that gave up, too, so that a row of them is no way around the limit or past a disconnect.
        failed_in_a_row = error == EAGAIN ? 0 : std::min(failed_in_a_row + 1, most_failed_in_a_row);
        const SOCKET_ACCEPT_RESULT result =
            failed_in_a_row == most_failed_in_a_row ? pause(server, limit) : wait_for_connection(server, limit);
        if (result != SOCKET_ACCEPT_OK) {
            return result;
        }
    }
}

} // namespace

SOCKET_ACCEPT_RESULT accept_within(SOCKET_TRANSPORT_HANDLE server, const deadline& limit,
                                   SOCKET_TRANSPORT_HANDLE& accepted) noexcept
{
    int socket = -1;
    const SOCKET_ACCEPT_RESULT result = accept_socket(server, socket, limit);
    if (result != SOCKET_ACCEPT_OK) {
        return result;
    }
    accepted = make_connected_transport(function_name, socket);
    if (accepted == nullptr) {
        close(socket);
        return SOCKET_ACCEPT_ERROR;
    }
    return SOCKET_ACCEPT_OK;
}

} // namespace async_socket::detail
