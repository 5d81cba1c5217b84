// SPDX-License-Identifier: MIT

#include "linux/backend/attempt.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "linux/listen/listening.hpp"

namespace async_socket::detail {

namespace {

// SRS_ASYNC_SOCKET_EX_01_016: its turn comes when all sends before it have ended.
transfer_result shutdown_sending(const operation& ending) noexcept
{
    const bool failed = ::shutdown(ending.socket->fd, SHUT_WR) != 0;
    ending.socket->has_shut_down_sends = !failed;
    return {progress::ended, failed ? errno : 0};
}

} // namespace

transfer_result attempt(operation& first, turn& own, const attempted_operation& attempted) noexcept
{
    switch (first.kind) {
    case work_kind::send:
        return try_send(first, own, attempted);
    case work_kind::shutdown:
        return shutdown_sending(first);
    case work_kind::accept:
        own.spend(0);
        return try_accept(first);
    default:
        return try_receive(first, own, attempted);
    }
}

} // namespace async_socket::detail
