// SPDX-License-Identifier: MIT
//
// What comes of a connect that has ended.

#include <mutex>

#include "win32/connect/operation.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/socket/socket.hpp"
#include "win32/socket/status.hpp"
#include "win32/system/last_error.hpp"
#include "win32/transport/socket_transport.hpp"

namespace async_socket::detail {

// Gives the socket the connection. False: it is being closed.
bool connect_operation::open_socket() noexcept
{
    const connect_attempt& winner = *winner_.load(std::memory_order_acquire);
    transport_->socket = winner.handle;
    // Nobody else knows it, so nobody has disconnected it.
    static_cast<void>(transport_open(transport_));
    // Close touches none of this while `connecting` is set.
    socket_->transport = transport_;
    socket_->io = winner.io;
    {
        const std::lock_guard lock(socket_->operations.mutex);
        if (socket_->life.complete_connect()) {
            socket_->connecting = nullptr;
            socket_->engine->counters_for(socket_).connects.add(1);
            socket_->engine->open_sockets.add(1);
            return true;
        }
    }
    socket_->transport = nullptr;
    socket_->io = nullptr;
    return false;
}

// SRS_ASYNC_CONNECT_01_013
ASYNC_COMPLETION connect_operation::completion_of_failure(bool was_closed) const noexcept
{
    if (was_closed) {
        return {ASYNC_STATUS_CLOSED, 0, 0};
    }
    const end_reason reason = reason_.load(std::memory_order_acquire);
    if (reason != end_reason::none) {
        return completion_of_reason(reason, 0);
    }
    if (resolve_error_ != 0) {
        const ASYNC_STATUS status = status_of_error(resolve_error_);
        return {status == ASYNC_STATUS_NO_RESOURCES ? status : ASYNC_STATUS_NAME_NOT_RESOLVED,
                static_cast<std::int32_t>(resolve_error_), 0};
    }
    return {status_of_error(last_error_), static_cast<std::int32_t>(last_error_), 0};
}

// Gives the socket the connection, or makes it CLOSED again. SRS_ASYNC_CONNECT_01_006: before the callback, which may
// connect anew.
ASYNC_COMPLETION connect_operation::settle_socket() noexcept
{
    const bool has_connection = winner_.load(std::memory_order_acquire) != nullptr;
    if (has_connection && open_socket()) {
        return {ASYNC_STATUS_OK, 0, 0};
    }
    if (resolve_error_ != 0) {
        log_system_failure("async_socket_connect", "GetAddrInfoW", resolve_error_);
    }
    give_back();
    if (has_connection) {
        drop_winner();
    }
    const std::lock_guard lock(socket_->operations.mutex);
    socket_->connecting = nullptr;
    return completion_of_failure(!socket_->life.abandon_connect());
}

} // namespace async_socket::detail
