// SPDX-License-Identifier: MIT

#include "common/arguments.hpp"
#include "common/log.hpp"
#include "linux/async_socket.hpp"
#include "linux/start_operation.hpp"

using namespace async_socket::detail;

int async_socket_receive_async(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_BUFFER* payload, uint32_t buffer_count,
                               ON_ASYNC_SOCKET_RECEIVE_COMPLETE on_receive_complete, void* on_receive_complete_context)
{
    const auto total_length =
        check_receive_arguments(async_socket, payload, buffer_count, on_receive_complete, sizeof(operation));
    if (!total_length) {
        return 1;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_098
    if (!async_socket->life.begin_call()) {
        log_refused(__func__, "async_socket", "is not open");
        return 1;
    }
    operation::callback_of_kind callback{};
    callback.receive = on_receive_complete;
    return start_operation(__func__, async_socket, work_kind::receive, {payload, buffer_count, *total_length}, callback,
                           on_receive_complete_context)
               ? 0
               : 1;
}
