// SPDX-License-Identifier: MIT

#include <cerrno>

#include "common/arguments.hpp"
#include "common/log.hpp"
#include "linux/async_socket.hpp"
#include "linux/start_operation.hpp"

namespace async_socket::detail {

ASYNC_SOCKET_SEND_SYNC_RESULT begin_send(const char* function, ASYNC_SOCKET_HANDLE socket) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_097
    if (!socket->life.begin_call()) {
        log_refused(function, "async_socket", "is not open");
        return ASYNC_SOCKET_SEND_SYNC_NOT_OPEN;
    }
    // SRS_ASYNC_SOCKET_LINUX_01_007, SRS_ASYNC_SOCKET_EX_01_017
    const bool is_broken = socket->broken.load(std::memory_order_relaxed);
    if (is_broken || socket->sending_is_over.load(std::memory_order_relaxed)) {
        socket->life.withdraw_call();
        log_refused(function, "async_socket", is_broken ? "is not connected any more" : "has closed its sending side");
        return ASYNC_SOCKET_SEND_SYNC_NOT_OPEN;
    }
    return ASYNC_SOCKET_SEND_SYNC_OK;
}

} // namespace async_socket::detail

using namespace async_socket::detail;

ASYNC_SOCKET_SEND_SYNC_RESULT async_socket_send_async(ASYNC_SOCKET_HANDLE async_socket,
                                                      const ASYNC_SOCKET_BUFFER* payload, uint32_t buffer_count,
                                                      ON_ASYNC_SOCKET_SEND_COMPLETE on_send_complete,
                                                      void* on_send_complete_context)
{
    const auto total_length =
        check_send_arguments(async_socket, payload, buffer_count, on_send_complete, sizeof(operation));
    if (!total_length) {
        return ASYNC_SOCKET_SEND_SYNC_ERROR;
    }
    const ASYNC_SOCKET_SEND_SYNC_RESULT may_send = begin_send(__func__, async_socket);
    if (may_send != ASYNC_SOCKET_SEND_SYNC_OK) {
        return may_send;
    }
    operation::callback_of_kind callback{};
    callback.send = on_send_complete;
    const bool started = start_operation(__func__, async_socket, work_kind::send,
                                         {payload, buffer_count, *total_length}, callback, on_send_complete_context);
    return started ? ASYNC_SOCKET_SEND_SYNC_OK : ASYNC_SOCKET_SEND_SYNC_ERROR;
}
