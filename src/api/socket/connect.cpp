// SPDX-License-Identifier: MIT

#include "async_socket/async_connect.h"

#include "api/platform/operations.hpp"
#include "api/platform/socket.hpp"
#include "common/arguments/arguments.hpp"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

namespace {

int connect(const char* function, ASYNC_SOCKET_HANDLE socket, const char* host, std::uint16_t port,
            const operation_request& request) noexcept
{
    lifecycle& life = core_of(socket).life;
    // SRS_ASYNC_CONNECT_01_003
    if (!life.begin_open()) {
        log_refused(function, "async_socket", "is open, being opened or closed, or was open before");
        return 1;
    }
    const connect_start start = start_connect(function, socket, host, port, request);
    if (start == connect_start::done) {
        // It may be complete, and the socket gone, by now.
        return 0;
    }
    life.abandon_open();
    // SRS_ASYNC_CONNECT_01_022
    return start == connect_start::no_resources ? ASYNC_STATUS_NO_RESOURCES : 1;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_socket_connect_async(ASYNC_SOCKET_HANDLE async_socket, const char* host, uint16_t port, uint32_t timeout_ms,
                               ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    // SRS_ASYNC_CONNECT_01_001, SRS_ASYNC_CONNECT_01_002
    if (!check_connect_arguments(__func__, async_socket, host, port, "on_open_complete", on_open_complete != nullptr)) {
        return 1;
    }
    operation_request request;
    request.callback.open = on_open_complete;
    request.context = context;
    request.timeout_ms = timeout_ms;
    return connect(__func__, async_socket, host, port, request);
}

// SRS_ASYNC_CONNECT_01_013
int async_socket_connect_ex_async(ASYNC_SOCKET_HANDLE async_socket, const char* host, uint16_t port,
                                  uint32_t timeout_ms, ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete,
                                  void* context)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    // SRS_ASYNC_CONNECT_01_001, SRS_ASYNC_CONNECT_01_002
    if (!check_connect_arguments(__func__, async_socket, host, port, "on_complete", on_complete != nullptr)) {
        return 1;
    }
    return connect(__func__, async_socket, host, port, telling_request(on_complete, context, timeout_ms, id));
}
