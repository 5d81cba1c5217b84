// SPDX-License-Identifier: MIT

#include "api/platform/operations.hpp"
#include "api/platform/socket.hpp"
#include "api/socket/counted_call.hpp"
#include "async_socket/async_socket_ex.h"
#include "common/diagnostics/forked_child.hpp"

using namespace async_socket::detail;

int async_socket_shutdown_send_async(ASYNC_SOCKET_HANDLE async_socket, ON_ASYNC_COMPLETE on_complete, void* context)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    // SRS_ASYNC_SOCKET_EX_01_018
    if (async_socket == nullptr || on_complete == nullptr) {
        log_refused(__func__, async_socket == nullptr ? "async_socket" : "on_complete", "is NULL");
        return 1;
    }
    const operation_request request = telling_request(on_complete, context, ASYNC_NO_TIMEOUT, nullptr);
    const char* const function = __func__;
    return counted_call_of(function, "async_socket", core_of(async_socket).life,
                           [&] { return start_shutdown(function, async_socket, request); });
}
