// SPDX-License-Identifier: MIT

#include "async_socket/async_connect.h"

#include <new>

#include "common/arguments.hpp"
#include "common/log.hpp"
#include "win32/async_socket.hpp"
#include "win32/connect_operation.hpp"
#include "win32/last_error.hpp"

namespace async_socket::detail {

namespace {

int start_connect(const char* function, ASYNC_SOCKET_HANDLE socket, const char* host, std::uint16_t port,
                  std::uint32_t timeout_ms, ASYNC_OPERATION_ID* id, ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete,
                  ON_ASYNC_COMPLETE on_complete, void* context) noexcept
{
    const time_point_ns limit = due_in_ms(timeout_ms);
    // SRS_ASYNC_CONNECT_01_003
    if (!socket->life.begin_open()) {
        log_refused(function, "async_socket", "is open, being opened or closed, or was open before");
        return 1;
    }
    auto* const connecting =
        new (std::nothrow) connect_operation(socket, limit, on_open_complete, on_complete, context);
    if (connecting == nullptr) {
        log_system_failure(function, "operator new", ERROR_OUTOFMEMORY);
    } else if (connecting->prepare(function) && connecting->begin(function, host, port, id)) {
        // It may be complete, and the socket gone, by now.
        return 0;
    } else {
        connecting->give_back();
        connecting->release();
    }
    socket->life.abandon_open();
    return 1;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

int async_socket_connect_async(ASYNC_SOCKET_HANDLE async_socket, const char* host, uint16_t port, uint32_t timeout_ms,
                               ON_ASYNC_SOCKET_OPEN_COMPLETE on_open_complete, void* context)
{
    // SRS_ASYNC_CONNECT_01_001, SRS_ASYNC_CONNECT_01_002
    if (!check_connect_arguments(__func__, async_socket, host, port, "on_open_complete", on_open_complete != nullptr)) {
        return 1;
    }
    return start_connect(__func__, async_socket, host, port, timeout_ms, nullptr, on_open_complete, nullptr, context);
}

// SRS_ASYNC_CONNECT_01_013
int async_socket_connect_ex_async(ASYNC_SOCKET_HANDLE async_socket, const char* host, uint16_t port,
                                  uint32_t timeout_ms, ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete,
                                  void* context)
{
    if (!check_connect_arguments(__func__, async_socket, host, port, "on_complete", on_complete != nullptr)) {
        return 1;
    }
    return start_connect(__func__, async_socket, host, port, timeout_ms, id, nullptr, on_complete, context);
}
