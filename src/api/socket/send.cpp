// SPDX-License-Identifier: MIT

#include "api/platform/operations.hpp"
#include "api/platform/socket.hpp"
#include "api/socket/counted_call.hpp"
#include "async_socket/async_socket_ex.h"
#include "common/arguments/arguments.hpp"
#include "common/diagnostics/forked_child.hpp"

namespace async_socket::detail {

namespace {

ASYNC_SOCKET_SEND_SYNC_RESULT send(const char* function, ASYNC_SOCKET_HANDLE socket,
                                   const operation_request& request) noexcept
{
    return counted_call(function, "async_socket", core_of(socket).life,
                        [&] { return start_send(function, socket, request); });
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

ASYNC_SOCKET_SEND_SYNC_RESULT async_socket_send_async(ASYNC_SOCKET_HANDLE async_socket,
                                                      const ASYNC_SOCKET_BUFFER* payload, uint32_t buffer_count,
                                                      ON_ASYNC_SOCKET_SEND_COMPLETE on_send_complete,
                                                      void* on_send_complete_context)
{
    if (refused_in_child(__func__)) {
        return ASYNC_SOCKET_SEND_SYNC_ERROR;
    }
    const auto total_length =
        check_send_arguments(async_socket, payload, buffer_count, on_send_complete, plain_record_size);
    if (!total_length) {
        return ASYNC_SOCKET_SEND_SYNC_ERROR;
    }
    operation_request request;
    request.callback.send = on_send_complete;
    request.context = on_send_complete_context;
    request.buffers = payload;
    request.buffer_count = buffer_count;
    request.total_length = *total_length;
    return send(__func__, async_socket, request);
}

// SRS_ASYNC_SOCKET_EX_01_001
ASYNC_SOCKET_SEND_SYNC_RESULT async_socket_send_ex_async(ASYNC_SOCKET_HANDLE async_socket,
                                                         const ASYNC_SOCKET_BUFFER* payload, uint32_t buffer_count,
                                                         uint32_t timeout_ms, ASYNC_OPERATION_ID* id,
                                                         ON_ASYNC_COMPLETE on_complete, void* context)
{
    if (refused_in_child(__func__)) {
        return ASYNC_SOCKET_SEND_SYNC_ERROR;
    }
    // SRS_ASYNC_SOCKET_EX_01_005
    const auto total_length =
        check_operation_arguments(__func__, async_socket, payload, buffer_count, on_complete, telling_record_size);
    if (!total_length) {
        return ASYNC_SOCKET_SEND_SYNC_ERROR;
    }
    return send(__func__, async_socket,
                telling_request(on_complete, context, timeout_ms, id, payload, buffer_count, *total_length));
}
