// SPDX-License-Identifier: MIT

#include "support/ex_operation.h"

namespace contract {

int connect_ex_operation::start(ASYNC_SOCKET_HANDLE socket, const char* host, std::uint16_t port,
                                std::uint32_t timeout_ms)
{
    const starting guard(*this);
    note_start();
    return async_socket_connect_ex_async(socket, host, port, timeout_ms, &id_, on_complete,
                                         static_cast<ex_operation*>(this));
}

connect_operation::connect_operation() : operation({}, {}) {}

int connect_operation::start(ASYNC_SOCKET_HANDLE socket, const char* host, std::uint16_t port, std::uint32_t timeout_ms)
{
    const starting guard(*this);
    return async_socket_connect_async(socket, host, port, timeout_ms, on_open_complete, this);
}

void connect_operation::on_open_complete(void* context, ASYNC_SOCKET_OPEN_RESULT result)
{
    connect_operation& self = *static_cast<connect_operation*>(context);
    self.result_ = result;
    self.enter_callback();
    self.leave_callback();
}

} // namespace contract
