// SPDX-License-Identifier: MIT

#include "win32/socket/socket.hpp"

#include "api/platform/operations.hpp"
#include "common/diagnostics/log.hpp"
#include "win32/socket/tracked_operation.hpp"

namespace async_socket::detail {

namespace {

ASYNC_SOCKET_SEND_SYNC_RESULT give_to_system(ASYNC_SOCKET_HANDLE socket, io_operation* operation) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_109: the operation's, until it has ended.
    transport_use use(socket->transport);
    // SRS_ASYNC_SOCKET_WIN32_01_060
    StartThreadpoolIo(socket->io);
    // SRS_ASYNC_SOCKET_WIN32_01_061
    switch (socket_transport_send(socket->transport, operation->buffers, operation->buffer_count, nullptr, 0,
                                  &operation->overlapped)) {
    case SOCKET_SEND_OK:
        use.keep();
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
        use.keep();
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

ASYNC_SOCKET_SEND_SYNC_RESULT give_send(ASYNC_SOCKET_HANDLE socket, io_operation* operation) noexcept
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

ASYNC_SOCKET_SEND_SYNC_RESULT start_plain(const char* function, ASYNC_SOCKET_HANDLE socket,
                                          const operation_request& request) noexcept
{
    io_operation* const operation = io_operation::create(function, socket, io_kind::send, request);
    if (operation == nullptr) {
        return ASYNC_SOCKET_SEND_SYNC_ERROR;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_028, SRS_ASYNC_SOCKET_WIN32_01_027
    operation->on_send_complete = request.callback.send;
    // SRS_ASYNC_SOCKET_WIN32_01_045
    const ASYNC_SOCKET_SEND_SYNC_RESULT result = give_send(socket, operation);
    if (result != ASYNC_SOCKET_SEND_SYNC_OK) {
        io_operation::destroy(socket, operation);
    }
    return result;
}

ASYNC_SOCKET_SEND_SYNC_RESULT start_telling(const char* function, ASYNC_SOCKET_HANDLE socket,
                                            const operation_request& request) noexcept
{
    auto* const operation = tracked_operation::create_for(function, io_kind::send_ex, socket, request);
    if (operation == nullptr) {
        return ASYNC_SOCKET_SEND_SYNC_ERROR;
    }
    const ASYNC_OPERATION_ID name = operation->begin(request.id);
    const ASYNC_SOCKET_SEND_SYNC_RESULT result = give_send(socket, operation);
    if (result == ASYNC_SOCKET_SEND_SYNC_OK) {
        start_timer(socket, name);
    } else {
        operation->withdraw();
        io_operation::destroy(socket, operation);
    }
    return result;
}

} // namespace

ASYNC_SOCKET_SEND_SYNC_RESULT start_send(const char* function, ASYNC_SOCKET_HANDLE socket,
                                         const operation_request& request) noexcept
{
    return request.says_how ? start_telling(function, socket, request) : start_plain(function, socket, request);
}

} // namespace async_socket::detail
