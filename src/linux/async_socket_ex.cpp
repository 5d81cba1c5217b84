// SPDX-License-Identifier: MIT
//
// The sends and receives that say how they went.

#include "async_socket/async_socket_ex.h"

#include "common/arguments.hpp"
#include "common/log.hpp"
#include "linux/start_operation.hpp"

using namespace async_socket::detail;

// SRS_ASYNC_SOCKET_EX_01_001
ASYNC_SOCKET_SEND_SYNC_RESULT async_socket_send_ex_async(ASYNC_SOCKET_HANDLE async_socket,
                                                         const ASYNC_SOCKET_BUFFER* payload, uint32_t buffer_count,
                                                         uint32_t timeout_ms, ASYNC_OPERATION_ID* id,
                                                         ON_ASYNC_COMPLETE on_complete, void* context)
{
    // SRS_ASYNC_SOCKET_EX_01_005
    const auto total_length =
        check_operation_arguments(__func__, async_socket, payload, buffer_count, on_complete, sizeof(operation));
    if (!total_length) {
        return ASYNC_SOCKET_SEND_SYNC_ERROR;
    }
    const ASYNC_SOCKET_SEND_SYNC_RESULT may_send = begin_send(__func__, async_socket);
    if (may_send != ASYNC_SOCKET_SEND_SYNC_OK) {
        return may_send;
    }
    operation::callback_of_kind callback{};
    callback.complete = on_complete;
    const bool started =
        start_operation(__func__, async_socket, work_kind::send, {payload, buffer_count, *total_length}, callback,
                        context, {true, timeout_ms, id});
    return started ? ASYNC_SOCKET_SEND_SYNC_OK : ASYNC_SOCKET_SEND_SYNC_ERROR;
}

// SRS_ASYNC_SOCKET_EX_01_006
int async_socket_receive_ex_async(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_BUFFER* payload, uint32_t buffer_count,
                                  uint32_t timeout_ms, ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete,
                                  void* context)
{
    // SRS_ASYNC_SOCKET_EX_01_010
    const auto total_length =
        check_operation_arguments(__func__, async_socket, payload, buffer_count, on_complete, sizeof(operation));
    if (!total_length) {
        return 1;
    }
    if (!async_socket->life.begin_call()) {
        log_refused(__func__, "async_socket", "is not open");
        return 1;
    }
    operation::callback_of_kind callback{};
    callback.complete = on_complete;
    return start_operation(__func__, async_socket, work_kind::receive, {payload, buffer_count, *total_length}, callback,
                           context, {true, timeout_ms, id})
               ? 0
               : 1;
}

int async_socket_shutdown_send_async(ASYNC_SOCKET_HANDLE async_socket, ON_ASYNC_COMPLETE on_complete, void* context)
{
    // SRS_ASYNC_SOCKET_EX_01_018
    if (async_socket == nullptr || on_complete == nullptr) {
        log_refused(__func__, async_socket == nullptr ? "async_socket" : "on_complete", "is NULL");
        return 1;
    }
    if (!async_socket->life.begin_call()) {
        log_refused(__func__, "async_socket", "is not open");
        return 1;
    }
    // SRS_ASYNC_SOCKET_EX_01_017
    if (async_socket->sending_is_over.exchange(true, std::memory_order_relaxed)) {
        async_socket->life.withdraw_call();
        log_refused(__func__, "async_socket", "has closed its sending side already");
        return 1;
    }
    operation::callback_of_kind callback{};
    callback.complete = on_complete;
    if (!start_operation(__func__, async_socket, work_kind::shutdown, {}, callback, context, {true})) {
        async_socket->sending_is_over.store(false, std::memory_order_relaxed);
        return 1;
    }
    return 0;
}
