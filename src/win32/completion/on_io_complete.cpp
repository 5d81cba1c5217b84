// SPDX-License-Identifier: MIT
//
// What the end of an operation means to the program.

#include "win32/socket/socket.hpp"

#include <algorithm>

#include "common/diagnostics/log.hpp"
#include "common/lifecycle/callback_scope.hpp"
#include "win32/connect/operation.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/engine/spare_thread.hpp"
#include "win32/listen/listener.hpp"
#include "win32/socket/receiving.hpp"
#include "win32/socket/tracked_operation.hpp"
#include "win32/system/last_error.hpp"

namespace async_socket::detail {

namespace {

ASYNC_SOCKET_SEND_RESULT send_result(ULONG io_result, ULONG_PTR bytes, std::uint32_t total_length) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_067
    if (io_result != NO_ERROR) {
        log_system_failure("on_io_complete", "send", io_result);
        return ASYNC_SOCKET_SEND_ERROR;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_066, SRS_ASYNC_SOCKET_WIN32_01_102, SRS_ASYNC_SOCKET_GUARANTEE_01_008
    return bytes == total_length ? ASYNC_SOCKET_SEND_OK : ASYNC_SOCKET_SEND_ERROR;
}

struct receive_outcome {
    ASYNC_SOCKET_RECEIVE_RESULT result;
    std::uint32_t bytes_received;
};

receive_outcome outcome_of_receive(ASYNC_SOCKET_HANDLE socket, ULONG io_result, ULONG_PTR bytes,
                                   std::uint32_t total_length) noexcept
{
    if (io_result == NO_ERROR) {
        // SRS_ASYNC_SOCKET_WIN32_42_003
        if (bytes == 0) {
            return {ASYNC_SOCKET_RECEIVE_ABANDONED, 0};
        }
        // SRS_ASYNC_SOCKET_WIN32_01_069, SRS_ASYNC_SOCKET_WIN32_01_095
        return {bytes > total_length ? ASYNC_SOCKET_RECEIVE_ERROR : ASYNC_SOCKET_RECEIVE_OK,
                static_cast<std::uint32_t>(bytes)};
    }
    // SRS_ASYNC_SOCKET_WIN32_42_001
    if (was_ended_by_this_side(socket) || io_result == ERROR_NETNAME_DELETED || io_result == ERROR_CONNECTION_ABORTED) {
        return {ASYNC_SOCKET_RECEIVE_ABANDONED, 0};
    }
    // SRS_ASYNC_SOCKET_WIN32_01_070
    log_system_failure("on_io_complete", "receive", io_result);
    return {ASYNC_SOCKET_RECEIVE_ERROR, 0};
}

// A send or receive of async_socket.h.
void complete_plain(ASYNC_SOCKET_HANDLE socket, PTP_CALLBACK_INSTANCE instance, io_operation* finished, ULONG io_result,
                    ULONG_PTR bytes) noexcept
{
    const io_operation operation = *finished;
    // SRS_ASYNC_SOCKET_WIN32_01_068, SRS_ASYNC_SOCKET_WIN32_01_072. Before the callback, whose next operation is likely
    // to want an event and memory of the same kind.
    io_operation::destroy(socket, finished);

    if (operation.kind == io_kind::send) {
        note_error_of_send(socket, io_result);
        end_send(socket);
    }
    const pool_callback callback(socket->engine);
    const callback_scope scope(socket, instance);
    // SRS_ASYNC_SOCKET_WIN32_01_065, SRS_ASYNC_SOCKET_WIN32_01_071
    if (operation.on_send_complete != nullptr) {
        const ASYNC_SOCKET_SEND_RESULT result = send_result(io_result, bytes, operation.total_length);
        count_send(socket, result != ASYNC_SOCKET_SEND_OK,
                   static_cast<std::uint32_t>(std::min<ULONG_PTR>(bytes, operation.total_length)));
        operation.on_send_complete(operation.callback_context, result);
    } else {
        const receive_outcome outcome = outcome_of_receive(socket, io_result, bytes, operation.total_length);
        const bool is_end = io_result == NO_ERROR && bytes == 0;
        const bool is_ok = outcome.result == ASYNC_SOCKET_RECEIVE_OK;
        count_receive(socket, !is_ok && !is_end, is_ok ? outcome.bytes_received : 0);
        operation.on_receive_complete(operation.callback_context, outcome.result, outcome.bytes_received);
    }
}

// The system is done with a send or receive, and what comes behind it need not wait for its callback.
void leave_system(ASYNC_SOCKET_HANDLE socket, io_operation& finished) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_109: the last one of a disconnected transport closes the handle.
    transport_use::leave(socket->transport);
    switch (finished.kind) {
    case io_kind::receive_ex:
        leave_receives(socket, static_cast<tracked_operation&>(finished).can_end_early);
        break;
    case io_kind::receive:
    case io_kind::receive_in_line:
        leave_receives(socket, false);
        break;
    default:
        break;
    }
}

} // namespace

void complete_queued_receive(timer_entry& timer, PTP_CALLBACK_INSTANCE instance) noexcept
{
    auto* const ended = static_cast<tracked_operation*>(&timer);
    const ASYNC_SOCKET_HANDLE socket = ended->socket;
    {
        std::unique_lock lock(socket->operations.mutex);
        if (ended->is_in_line) {
            socket->receives.remove(*ended);
        }
        // Those behind it may have waited for nothing else.
        if (socket->receives.begin_to_serve()) {
            serve_receives(socket, lock);
        }
    }
    const DWORD error = ended->refusal != 0 ? ended->refusal : ERROR_OPERATION_ABORTED;
    if (ended->kind == io_kind::receive_ex) {
        complete_tracked(socket, instance, ended, error, 0);
    } else {
        // As it would have ended had the system had it.
        complete_plain(socket, instance, ended,
                       status_of_error(error) == ASYNC_STATUS_RESET ? ERROR_NETNAME_DELETED : error, 0);
    }
    if (socket->life.end_operation()) {
        free_socket(socket);
    }
}

// Which error ends pending operations when this side closes differs from one version of Windows to the next (64, 995,
// 1236; 676 under Wine), and 64 is a reset by the peer just as well. So this side's own state is asked first.
// SRS_ASYNC_SOCKET_WIN32_01_108
bool was_ended_by_this_side(ASYNC_SOCKET_HANDLE socket) noexcept
{
    return socket->life.current() == lifecycle::state::closing || !socket_transport_is_valid_socket(socket->transport);
}

void CALLBACK on_io_complete(PTP_CALLBACK_INSTANCE instance, void* context, void* overlapped, ULONG io_result,
                             ULONG_PTR number_of_bytes_transferred, PTP_IO)
{
    // SRS_ASYNC_SOCKET_WIN32_01_063
    if (overlapped == nullptr) {
        log_refused(__func__, "overlapped", "is NULL");
        return;
    }
    const auto socket = static_cast<ASYNC_SOCKET_HANDLE>(context);
    // SRS_ASYNC_SOCKET_WIN32_01_064
    auto* const finished = static_cast<io_operation*>(overlapped);
    // SRS_COUNTERS_01_004
    socket->engine->counters_for(socket).wake_ups.add(1);

    // SRS_ASYNC_SOCKET_GUARANTEE_01_002, SRS_ASYNC_SOCKET_GUARANTEE_01_003: once for each packet of the completion
    // port, of which the system makes one for each operation that it has taken, on a thread of the pool.
    switch (finished->kind) {
    case io_kind::connect:
        // A part of an operation; it may be the end of it, and of the socket.
        connect_operation::on_attempt_end(instance, static_cast<connect_attempt*>(finished), io_result);
        return;
    case io_kind::accept:
        if (!static_cast<accept_operation*>(static_cast<tracked_operation*>(finished))->complete(instance, io_result)) {
            return;
        }
        break;
    case io_kind::send_ex:
    case io_kind::receive_ex:
        leave_system(socket, *finished);
        complete_tracked(socket, instance, static_cast<tracked_operation*>(finished), io_result,
                         number_of_bytes_transferred);
        break;
    default:
        leave_system(socket, *finished);
        complete_plain(socket, instance, finished, io_result, number_of_bytes_transferred);
        break;
    }
    if (socket->life.end_operation()) {
        free_socket(socket);
    }
}

} // namespace async_socket::detail
