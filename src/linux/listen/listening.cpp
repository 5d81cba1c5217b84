// SPDX-License-Identifier: MIT

#include "linux/listen/listening.hpp"

#include <sys/socket.h>

#include <unistd.h>

#include <cerrno>

#include "common/diagnostics/log.hpp"
#include "linux/system/address_text.hpp"
#include "linux/system/system_error.hpp"
#include "linux/transport/accept_error.hpp"
#include "linux/transport/socket_transport.hpp"

namespace async_socket::detail {

namespace {

constexpr const char* function_name = "async_listener_accept_async";

// SRS_ASYNC_LISTENER_01_013
void report_shortage(listening& listener, int socket, int error) noexcept
{
    if (listener.is_short) {
        return;
    }
    listener.is_short = true;
    if (log_is_on()) {
        log(ASYNC_SOCKET_LOG_LEVEL_WARNING,
            "%s: short of descriptors or memory (%d) at %s; waits, and goes on by itself", function_name, error,
            address_text(socket).get());
    }
}

} // namespace

// SRS_ASYNC_LISTENER_01_009
transfer_result try_accept(operation& accepting) noexcept
{
    listening& listener = *accepting.socket->listener;
    const int accepted =
        uninterrupted([&] { return accept4(accepting.socket->fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); });
    if (accepted != -1) {
        listener.is_short = false;
        listener.failed_in_a_row = 0;
        accepting.accepted = make_connected_transport(function_name, accepted);
        if (accepting.accepted == nullptr) {
            close(accepted);
            return {progress::ended, ENOMEM};
        }
        accepting.accepted->is_handed_out = true;
        return {progress::ended};
    }
    const int error = errno;
    if (error == EAGAIN) {
        listener.failed_in_a_row = 0;
        return {progress::would_block};
    }
    if (is_shortage(error)) {
        report_shortage(listener, accepting.socket->fd, error);
        return {progress::paused, error};
    }
    // SRS_ASYNC_LISTENER_01_012
    if (!peer_gave_up(error)) {
        if (!accepting.socket->transport->gate.is_closed()) {
            log_failure_at(function_name, "accept4 at", accepting.socket->fd, error);
        }
        return {progress::ended, error};
    }
    // SRS_ASYNC_LISTENER_01_017: no backlog holds so many; the system tells the same error for ever.
    if (++listener.failed_in_a_row < most_failed_in_a_row) {
        return {progress::turn_over};
    }
    listener.failed_in_a_row = most_failed_in_a_row;
    return {progress::paused, error};
}

} // namespace async_socket::detail
