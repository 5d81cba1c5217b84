// SPDX-License-Identifier: MIT

#include "linux/outcome.hpp"

#include <cerrno>

#include "linux/status.hpp"
#include "linux/system_error.hpp"

namespace async_socket::detail {

namespace {

bool was_ended_by_this_side(ASYNC_SOCKET_HANDLE socket) noexcept
{
    return socket->closing || !socket_transport_is_valid_socket(socket->transport);
}

// SRS_ASYNC_SOCKET_LINUX_01_009, SRS_ASYNC_SOCKET_LINUX_01_010, SRS_ASYNC_SOCKET_LINUX_01_016,
// SRS_ASYNC_SOCKET_LINUX_01_017
bool is_abandoned(ASYNC_SOCKET_HANDLE socket, int error) noexcept
{
    if (is_end_of_connection(error)) {
        socket->broken.store(true, std::memory_order_relaxed);
        return true;
    }
    return was_ended_by_this_side(socket);
}

std::uint8_t result_of_send(const operation& ended, int error) noexcept
{
    if (error == 0) {
        // SRS_ASYNC_SOCKET_LINUX_01_008
        return ASYNC_SOCKET_SEND_OK;
    }
    if (is_abandoned(ended.socket, error)) {
        return ASYNC_SOCKET_SEND_ABANDONED;
    }
    // SRS_ASYNC_SOCKET_LINUX_01_011
    log_system_failure("async_socket_send_async", "send", error);
    return ASYNC_SOCKET_SEND_ERROR;
}

std::uint8_t result_of_receive(const operation& ended, int error) noexcept
{
    if (error == 0) {
        // SRS_ASYNC_SOCKET_LINUX_01_014, SRS_ASYNC_SOCKET_LINUX_01_015
        return ended.transferred > 0 ? ASYNC_SOCKET_RECEIVE_OK : ASYNC_SOCKET_RECEIVE_ABANDONED;
    }
    if (is_abandoned(ended.socket, error)) {
        return ASYNC_SOCKET_RECEIVE_ABANDONED;
    }
    // SRS_ASYNC_SOCKET_LINUX_01_018
    log_system_failure("async_socket_receive_async", "receive", error);
    return ASYNC_SOCKET_RECEIVE_ERROR;
}

std::uint8_t result_of_notification(const operation& ended, int error) noexcept
{
    if (was_ended_by_this_side(ended.socket)) {
        // SRS_ASYNC_SOCKET_LINUX_01_023
        return ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED;
    }
    if (error != 0) {
        // SRS_ASYNC_SOCKET_LINUX_01_024
        log_system_failure("async_socket_notify_io_async", "poll", error);
        return ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR;
    }
    // SRS_ASYNC_SOCKET_LINUX_01_022
    return ended.kind == work_kind::notify_in ? ASYNC_SOCKET_NOTIFY_IO_RESULT_IN : ASYNC_SOCKET_NOTIFY_IO_RESULT_OUT;
}

ASYNC_STATUS status_of(operation& ended, int error) noexcept
{
    if (error == 0) {
        if (ended.kind != work_kind::receive || ended.transferred > 0) {
            return ASYNC_STATUS_OK;
        }
        // A shutdown of this side's own looks like the peer's.
        return was_ended_by_this_side(ended.socket) ? ASYNC_STATUS_CLOSED : ASYNC_STATUS_END_OF_STREAM;
    }
    // SRS_ASYNC_SOCKET_EX_01_002, SRS_ASYNC_SOCKET_EX_01_007, SRS_ASYNC_SOCKET_EX_01_011. What has come to its own end
    // first has another error, or none.
    const early_end reason = ended.ends_early();
    if (error == ECANCELED && reason != early_end::none) {
        return reason == early_end::timed_out ? ASYNC_STATUS_TIMED_OUT : ASYNC_STATUS_CANCELLED;
    }
    const bool is_closed = was_ended_by_this_side(ended.socket);
    if (is_end_of_connection(error)) {
        ended.socket->broken.store(true, std::memory_order_relaxed);
    }
    if (is_closed) {
        return ASYNC_STATUS_CLOSED;
    }
    ended.system_error = error;
    return status_of_error(error);
}

std::uint8_t result_of(const operation& ended, int error) noexcept
{
    switch (ended.kind) {
    case work_kind::send:
        return result_of_send(ended, error);
    case work_kind::receive:
        return result_of_receive(ended, error);
    default:
        return result_of_notification(ended, error);
    }
}

std::uint8_t result_of_abandoned(const operation& abandoned) noexcept
{
    if (abandoned.says_how) {
        return ASYNC_STATUS_CLOSED;
    }
    switch (abandoned.kind) {
    case work_kind::send:
        return ASYNC_SOCKET_SEND_ABANDONED;
    case work_kind::receive:
        return ASYNC_SOCKET_RECEIVE_ABANDONED;
    default:
        return ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED;
    }
}

} // namespace

void write_result(operation& ended, int error) noexcept
{
    ended.system_error = 0;
    ended.result = ended.says_how ? static_cast<std::uint8_t>(status_of(ended, error)) : result_of(ended, error);
}

void write_result_of_abandoned(operation& abandoned) noexcept
{
    abandoned.system_error = 0;
    abandoned.result = result_of_abandoned(abandoned);
}

} // namespace async_socket::detail
