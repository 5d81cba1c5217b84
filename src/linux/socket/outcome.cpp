// SPDX-License-Identifier: MIT

#include "linux/socket/outcome.hpp"

#include <cerrno>

#include "linux/socket/status.hpp"
#include "linux/system/system_error.hpp"

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
    return is_end_of_connection(error) || was_ended_by_this_side(socket);
}

// What the operation tells instead of what it has met: the first error of the connection, where there is one. The
// system itself tells an error once, and then the end of the stream.
// SRS_ASYNC_SOCKET_LINUX_01_033
int told_error(operation& ended, int error) noexcept
{
    ASYNC_SOCKET_TAG& socket = *ended.socket;
    const bool moves_bytes = ended.kind == work_kind::send || ended.kind == work_kind::receive;
    if (!moves_bytes || (error == ECANCELED && ended.ends_early() != early_end::none)) {
        return error;
    }
    // A send that comes behind the end of the sending side is this side's doing; one before it is not.
    const bool is_own_end = error == EPIPE && socket.has_shut_down_sends;
    if (is_fatal(error) && !is_own_end) {
        note_error(socket, error);
    }
    const bool is_end = ended.kind == work_kind::receive && error == 0 && ended.transferred == 0;
    return (is_end || is_fatal(error)) && socket.first_error != 0 ? socket.first_error : error;
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
    // SRS_ASYNC_SOCKET_EX_01_002, SRS_ASYNC_SOCKET_EX_01_007, SRS_ASYNC_SOCKET_EX_01_011, SRS_ASYNC_OPERATION_01_002.
    // What has come to its own end first has another error, or none.
    const early_end reason = ended.ends_early();
    if (error == ECANCELED && reason != early_end::none) {
        return reason == early_end::timed_out ? ASYNC_STATUS_TIMED_OUT : ASYNC_STATUS_CANCELLED;
    }
    if (was_ended_by_this_side(ended.socket)) {
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

void note_error(ASYNC_SOCKET_TAG& socket, int error) noexcept
{
    socket.broken.store(true, std::memory_order_relaxed);
    if (socket.first_error == 0 && !was_ended_by_this_side(&socket)) {
        socket.first_error = error;
    }
}

void write_result(operation& ended, int error) noexcept
{
    const int told = told_error(ended, error);
    ended.system_error = 0;
    ended.result = ended.says_how ? static_cast<std::uint8_t>(status_of(ended, told)) : result_of(ended, told);
}

void write_result_of_abandoned(operation& abandoned) noexcept
{
    abandoned.system_error = 0;
    abandoned.result = result_of_abandoned(abandoned);
}

} // namespace async_socket::detail
