// SPDX-License-Identifier: MIT

#include "api/platform/operations.hpp"
#include "api/platform/socket.hpp"
#include "api/socket/counted_call.hpp"
#include "common/diagnostics/forked_child.hpp"

using namespace async_socket::detail;

// SRS_ASYNC_SOCKET_LINUX_01_021
int async_socket_notify_io_async(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_NOTIFY_IO_TYPE io_type,
                                 ON_ASYNC_SOCKET_NOTIFY_IO_COMPLETE on_notify_io_complete,
                                 void* on_notify_io_complete_context)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    if (async_socket == nullptr || on_notify_io_complete == nullptr) {
        log_refused(__func__, async_socket == nullptr ? "async_socket" : "on_notify_io_complete", "is NULL");
        return 1;
    }
    if (io_type != ASYNC_SOCKET_NOTIFY_IO_TYPE_IN && io_type != ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT) {
        log_refused(__func__, "io_type", "is no value of its enum");
        return 1;
    }
    operation_request request;
    request.callback.notify = on_notify_io_complete;
    request.context = on_notify_io_complete_context;
    const char* const function = __func__;
    return counted_call_of(function, "async_socket", core_of(async_socket).life,
                           [&] { return start_notification(function, async_socket, io_type, request); });
}
