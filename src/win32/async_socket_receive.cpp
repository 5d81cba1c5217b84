// SPDX-License-Identifier: MIT

#include "win32/async_socket.hpp"

#include "async_socket/async_socket_ex.h"
#include "common/arguments.hpp"
#include "common/log.hpp"
#include "win32/execution_engine.hpp"
#include "win32/tracked_operation.hpp"

namespace async_socket::detail {

bool start_receive(ASYNC_SOCKET_HANDLE socket, io_operation* operation) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_081
    StartThreadpoolIo(socket->io);
    // SRS_ASYNC_SOCKET_WIN32_01_082
    switch (socket_transport_receive(socket->transport, operation->buffers, operation->buffer_count, nullptr, 0,
                                     &operation->overlapped)) {
    case SOCKET_RECEIVE_OK:
    // SRS_ASYNC_SOCKET_WIN32_01_055
    case SOCKET_RECEIVE_WOULD_BLOCK:
        return true;
    case SOCKET_RECEIVE_ERROR:
        // SRS_ASYNC_SOCKET_WIN32_01_054, SRS_ASYNC_SOCKET_WIN32_01_055
        if (WSAGetLastError() == WSA_IO_PENDING) {
            return true;
        }
        // SRS_ASYNC_SOCKET_WIN32_01_099
        CancelThreadpoolIo(socket->io);
        return false;
    default:
        // SRS_ASYNC_SOCKET_WIN32_01_105
        CancelThreadpoolIo(socket->io);
        return false;
    }
}

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_socket_receive_async(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_BUFFER* payload, uint32_t buffer_count,
                               ON_ASYNC_SOCKET_RECEIVE_COMPLETE on_receive_complete, void* on_receive_complete_context)
{
    const auto total_length =
        check_receive_arguments(async_socket, payload, buffer_count, on_receive_complete, sizeof(io_operation));
    if (!total_length) {
        return 1;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_098
    if (!async_socket->life.begin_call()) {
        log_refused(__func__, "async_socket", "is not open");
        return 1;
    }

    io_operation* const operation =
        io_operation::create(__func__, async_socket, io_kind::receive, payload, buffer_count, *total_length);
    if (operation != nullptr) {
        // SRS_ASYNC_SOCKET_WIN32_01_077, SRS_ASYNC_SOCKET_WIN32_01_076
        operation->on_receive_complete = on_receive_complete;
        operation->callback_context = on_receive_complete_context;
        // SRS_ASYNC_SOCKET_WIN32_01_083
        if (start_receive(async_socket, operation)) {
            // The operation may be complete and freed by now; the call still counts, so the socket is there.
            async_socket->life.end_call();
            return 0;
        }
        io_operation::destroy(async_socket, operation);
    }
    // SRS_ASYNC_SOCKET_WIN32_01_084
    async_socket->life.withdraw_call();
    return 1;
}

// SRS_ASYNC_SOCKET_EX_01_006
int async_socket_receive_ex_async(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_BUFFER* payload, uint32_t buffer_count,
                                  uint32_t timeout_ms, ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete,
                                  void* context)
{
    const time_point_ns limit = due_in_ms(timeout_ms);
    // SRS_ASYNC_SOCKET_EX_01_010
    const auto total_length = check_operation_arguments(__func__, async_socket, payload, buffer_count, on_complete,
                                                        sizeof(tracked_operation));
    if (!total_length) {
        return 1;
    }
    if (!async_socket->life.begin_call()) {
        log_refused(__func__, "async_socket", "is not open");
        return 1;
    }

    auto* const operation = tracked_operation::create_for(__func__, io_kind::receive_ex, async_socket, limit, payload,
                                                          buffer_count, *total_length);
    if (operation != nullptr) {
        operation->on_complete = on_complete;
        operation->callback_context = context;
        const ASYNC_OPERATION_ID name = operation->begin(id);
        if (start_receive(async_socket, operation)) {
            start_timer(async_socket, name);
            async_socket->life.end_call();
            return 0;
        }
        operation->withdraw();
        io_operation::destroy(async_socket, operation);
    }
    async_socket->life.withdraw_call();
    return 1;
}

// SRS_ASYNC_SOCKET_WIN32_04_002
int async_socket_notify_io_async(ASYNC_SOCKET_HANDLE, ASYNC_SOCKET_NOTIFY_IO_TYPE, ON_ASYNC_SOCKET_NOTIFY_IO_COMPLETE,
                                 void*)
{
    log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "%s: not offered on this platform", __func__);
    return 1;
}
