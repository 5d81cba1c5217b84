// SPDX-License-Identifier: MIT
//
// What comes of a connect that has ended.

#include <unistd.h>

#include <cerrno>

#include "linux/connect/connecting.hpp"
#include "linux/socket/status.hpp"
#include "linux/system/system_error.hpp"
#include "linux/transport/socket_transport.hpp"

namespace async_socket::detail {

namespace {

constexpr const char* function_name = "async_socket_connect_async";

// Disconnects the transport of a socket that has connected by itself, and gives it back.
void drop_own_transport(ASYNC_SOCKET_HANDLE socket) noexcept
{
    SOCKET_TRANSPORT_HANDLE const transport = socket->transport;
    socket->transport = nullptr;
    socket->fd = -1;
    socket_transport_disconnect(transport);
    transport_use::leave(transport);
    transport_release(transport);
}

} // namespace

// SRS_ASYNC_CONNECT_01_007, SRS_ASYNC_CONNECT_01_013, SRS_ASYNC_CONNECT_01_014
ASYNC_STATUS connecting::outcome(worker_services& own) noexcept
{
    reported_->system_error = 0;
    if (verdict_ == verdict::given_up) {
        switch (reported_->ends_early()) {
        case early_end::timed_out:
            return ASYNC_STATUS_TIMED_OUT;
        case early_end::cancelled:
            return ASYNC_STATUS_CANCELLED;
        case early_end::none:
            return ASYNC_STATUS_CLOSED;
        }
    }
    if (verdict_ == verdict::failed) {
        reported_->system_error = error_;
        return status_;
    }
    if (socket_->closing) {
        close(winner_);
        return ASYNC_STATUS_CLOSED;
    }
    const int error = open_on_winner(own);
    if (error != 0) {
        reported_->system_error = error;
        return status_of_error(error);
    }
    return ASYNC_STATUS_OK;
}

// Makes the connection the socket's. 0, or the error, and then it is closed.
int connecting::open_on_winner(worker_services& own) noexcept
{
    SOCKET_TRANSPORT_HANDLE const transport = make_connected_transport(function_name, winner_);
    if (transport == nullptr) {
        close(winner_);
        return ENOMEM;
    }
    // The transport is the socket's own: it holds the reference of its handle, and uses it while it is attached.
    static_cast<void>(transport->owner.take());
    static_cast<void>(transport->gate.enter());
    socket_->transport = transport;
    socket_->fd = winner_;
    const int error = own.attach_connected(socket_);
    if (error != 0) {
        log_system_failure(function_name, "epoll_ctl", error);
        drop_own_transport(socket_);
    }
    return error;
}

} // namespace async_socket::detail
