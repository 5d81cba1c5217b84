// SPDX-License-Identifier: MIT

#include "api/platform/operations.hpp"
#include "api/platform/socket.hpp"
#include "api/socket/counted_call.hpp"
#include "async_socket/async_socket_ex.h"
#include "common/arguments/arguments.hpp"
#include "common/diagnostics/forked_child.hpp"

namespace async_socket::detail {

namespace {

int receive(const char* function, ASYNC_SOCKET_HANDLE socket, const operation_request& request) noexcept
{
    return counted_call_of(function, "async_socket", core_of(socket).life,
                           [&] { return start_receive(function, socket, request); });
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_socket_receive_async(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_BUFFER* payload, uint32_t buffer_count,
                               ON_ASYNC_SOCKET_RECEIVE_COMPLETE on_receive_complete, void* on_receive_complete_context)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    const auto total_length =
        check_receive_arguments(async_socket, payload, buffer_count, on_receive_complete, plain_record_size);
    if (!total_length) {
        return 1;
    }
    operation_request request;
    request.callback.receive = on_receive_complete;
    request.context = on_receive_complete_context;
    request.buffers = payload;
    request.buffer_count = buffer_count;
    request.total_length = *total_length;
    return receive(__func__, async_socket, request);
}

// SRS_ASYNC_SOCKET_EX_01_006
int async_socket_receive_ex_async(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_BUFFER* payload, uint32_t buffer_count,
                                  uint32_t timeout_ms, ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete,
                                  void* context)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    // SRS_ASYNC_SOCKET_EX_01_010
    const auto total_length =
        check_operation_arguments(__func__, async_socket, payload, buffer_count, on_complete, telling_record_size);
    if (!total_length) {
        return 1;
    }
    return receive(__func__, async_socket,
                   telling_request(on_complete, context, timeout_ms, id, payload, buffer_count, *total_length));
}
