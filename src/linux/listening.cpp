// SPDX-License-Identifier: MIT

#include "linux/listening.hpp"

#include <sys/socket.h>

#include <unistd.h>

#include <cerrno>

#include "common/log.hpp"
#include "linux/accept_error.hpp"
#include "linux/socket_transport.hpp"
#include "linux/system_error.hpp"

namespace async_socket::detail {

namespace {

constexpr const char* function_name = "async_listener_accept_async";

// SRS_ASYNC_LISTENER_01_013
void report_shortage(listening& listener, int error) noexcept
{
    if (!listener.is_short) {
        listener.is_short = true;
        log(ASYNC_SOCKET_LOG_LEVEL_WARNING, "%s: short of descriptors or memory (%d); waits, and goes on by itself",
            function_name, error);
    }
}

} // namespace

// SRS_ASYNC_LISTENER_01_009
transfer_result try_accept(operation& accepting) noexcept
{
    listening& listener = *accepting.socket->listener;
    for (;;) {
        const int accepted = accept4(accepting.socket->fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (accepted != -1) {
            listener.is_short = false;
            accepting.accepted = make_connected_transport(function_name, accepted);
            if (accepting.accepted == nullptr) {
                close(accepted);
                return {progress::ended, ENOMEM};
            }
            return {progress::ended, 0};
        }
        const int error = errno;
        if (error == EAGAIN) {
            return {progress::would_block, 0};
        }
        if (is_shortage(error)) {
            report_shortage(listener, error);
            return {progress::paused, error};
        }
        // SRS_ASYNC_LISTENER_01_012
        if (error != EINTR && !peer_gave_up(error)) {
            return {progress::ended, error};
        }
    }
}

} // namespace async_socket::detail
