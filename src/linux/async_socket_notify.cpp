// SPDX-License-Identifier: MIT

#include "common/log.hpp"
#include "linux/async_socket.hpp"
#include "linux/start_operation.hpp"

using namespace async_socket::detail;

// SRS_ASYNC_SOCKET_LINUX_01_021
int async_socket_notify_io_async(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_NOTIFY_IO_TYPE io_type,
                                 ON_ASYNC_SOCKET_NOTIFY_IO_COMPLETE on_notify_io_complete,
                                 void* on_notify_io_complete_context)
{
    if (async_socket == nullptr || on_notify_io_complete == nullptr) {
        log_refused(__func__, async_socket == nullptr ? "async_socket" : "on_notify_io_complete", "is NULL");
        return 1;
    }
    if (io_type != ASYNC_SOCKET_NOTIFY_IO_TYPE_IN && io_type != ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT) {
        log_refused(__func__, "io_type", "is no value of its enum");
        return 1;
    }
    if (!async_socket->life.begin_call()) {
        log_refused(__func__, "async_socket", "is not open");
        return 1;
    }
    operation::callback_of_kind callback{};
    callback.notify = on_notify_io_complete;
    const work_kind kind = io_type == ASYNC_SOCKET_NOTIFY_IO_TYPE_IN ? work_kind::notify_in : work_kind::notify_out;
    return start_operation(__func__, async_socket, kind, {}, callback, on_notify_io_complete_context) ? 0 : 1;
}
