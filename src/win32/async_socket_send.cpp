// SPDX-License-Identifier: MIT

#include "win32/async_socket.hpp"

#include "async_socket/async_socket_ex.h"
#include "common/arguments.hpp"
#include "common/log.hpp"
#include "win32/execution_engine.hpp"
#include "win32/tracked_operation.hpp"

namespace async_socket::detail {

namespace {

ASYNC_SOCKET_SEND_SYNC_RESULT give_to_system(ASYNC_SOCKET_HANDLE socket, io_operation* operation) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_060
    StartThreadpoolIo(socket->io);
    // SRS_ASYNC_SOCKET_WIN32_01_061
    switch (socket_transport_send(socket->transport, operation->buffers, operation->buffer_count, nullptr, 0,
                                  &operation->overlapped)) {
    case SOCKET_SEND_OK:
        return ASYNC_SOCKET_SEND_SYNC_OK;
    case SOCKET_SEND_FAILED:
        break;
    default:
        // SRS_ASYNC_SOCKET_WIN32_01_106
        CancelThreadpoolIo(socket->io);
        return ASYNC_SOCKET_SEND_SYNC_ERROR;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_062
    switch (WSAGetLastError()) {
    case WSA_IO_PENDING:
        // SRS_ASYNC_SOCKET_WIN32_01_053
        return ASYNC_SOCKET_SEND_SYNC_OK;
    case WSAECONNRESET:
        // SRS_ASYNC_SOCKET_WIN32_42_002
        CancelThreadpoolIo(socket->io);
        return ASYNC_SOCKET_SEND_SYNC_NOT_OPEN;
    default:
        // SRS_ASYNC_SOCKET_WIN32_01_100
        CancelThreadpoolIo(socket->io);
        return ASYNC_SOCKET_SEND_SYNC_ERROR;
    }
}

} // namespace

ASYNC_SOCKET_SEND_SYNC_RESULT start_send(ASYNC_SOCKET_HANDLE socket, io_operation* operation) noexcept
{
    // SRS_ASYNC_SOCKET_EX_01_017
    if (!begin_send(socket)) {
        log_refused("async_socket_send", "async_socket", "has closed its sending side");
        return ASYNC_SOCKET_SEND_SYNC_NOT_OPEN;
    }
    const ASYNC_SOCKET_SEND_SYNC_RESULT result = give_to_system(socket, operation);
    if (result != ASYNC_SOCKET_SEND_SYNC_OK) {
        end_send(socket);
    }
    return result;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

ASYNC_SOCKET_SEND_SYNC_RESULT async_socket_send_async(ASYNC_SOCKET_HANDLE async_socket,
                                                      const ASYNC_SOCKET_BUFFER* payload, uint32_t buffer_count,
                                                      ON_ASYNC_SOCKET_SEND_COMPLETE on_send_complete,
                                                      void* on_send_complete_context)
{
    const auto total_length =
        check_send_arguments(async_socket, payload, buffer_count, on_send_complete, sizeof(io_operation));
    if (!total_length) {
        return ASYNC_SOCKET_SEND_SYNC_ERROR;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_097
    if (!async_socket->life.begin_call()) {
        log_refused(__func__, "async_socket", "is not open");
        return ASYNC_SOCKET_SEND_SYNC_NOT_OPEN;
    }

    // SRS_ASYNC_SOCKET_WIN32_01_029: whatever fails from here on.
    ASYNC_SOCKET_SEND_SYNC_RESULT result = ASYNC_SOCKET_SEND_SYNC_ERROR;
    io_operation* const operation =
        io_operation::create(__func__, async_socket, io_kind::send, payload, buffer_count, *total_length);
    if (operation != nullptr) {
        // SRS_ASYNC_SOCKET_WIN32_01_028, SRS_ASYNC_SOCKET_WIN32_01_027
        operation->on_send_complete = on_send_complete;
        operation->callback_context = on_send_complete_context;
        result = start_send(async_socket, operation);
        // SRS_ASYNC_SOCKET_WIN32_01_045
        if (result == ASYNC_SOCKET_SEND_SYNC_OK) {
            // The operation may be complete and freed by now; the call still counts, so the socket is there.
            async_socket->life.end_call();
            return result;
        }
        io_operation::destroy(async_socket, operation);
    }
    async_socket->life.withdraw_call();
    return result;
}

// SRS_ASYNC_SOCKET_EX_01_001
ASYNC_SOCKET_SEND_SYNC_RESULT async_socket_send_ex_async(ASYNC_SOCKET_HANDLE async_socket,
                                                         const ASYNC_SOCKET_BUFFER* payload, uint32_t buffer_count,
                                                         uint32_t timeout_ms, ASYNC_OPERATION_ID* id,
                                                         ON_ASYNC_COMPLETE on_complete, void* context)
{
    const time_point_ns limit = due_in_ms(timeout_ms);
    // SRS_ASYNC_SOCKET_EX_01_005
    const auto total_length = check_operation_arguments(__func__, async_socket, payload, buffer_count, on_complete,
                                                        sizeof(tracked_operation));
    if (!total_length) {
        return ASYNC_SOCKET_SEND_SYNC_ERROR;
    }
    if (!async_socket->life.begin_call()) {
        log_refused(__func__, "async_socket", "is not open");
        return ASYNC_SOCKET_SEND_SYNC_NOT_OPEN;
    }

    ASYNC_SOCKET_SEND_SYNC_RESULT result = ASYNC_SOCKET_SEND_SYNC_ERROR;
    auto* const operation = tracked_operation::create_for(__func__, io_kind::send_ex, async_socket, limit, payload,
                                                          buffer_count, *total_length);
    if (operation != nullptr) {
        operation->on_complete = on_complete;
        operation->callback_context = context;
        const ASYNC_OPERATION_ID name = operation->begin(id);
        result = start_send(async_socket, operation);
        if (result == ASYNC_SOCKET_SEND_SYNC_OK) {
            start_timer(async_socket, name);
            async_socket->life.end_call();
            return result;
        }
        operation->withdraw();
        io_operation::destroy(async_socket, operation);
    }
    async_socket->life.withdraw_call();
    return result;
}
