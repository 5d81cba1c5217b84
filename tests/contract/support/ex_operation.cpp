// SPDX-License-Identifier: MIT

#include "support/ex_operation.h"

#include <utility>

#include "async_socket/placement.h"

namespace contract {

ex_operation::ex_operation(bytes memory, const std::vector<std::size_t>& pieces) : operation(std::move(memory), pieces)
{
}

void ex_operation::end_with(const ASYNC_COMPLETION& completion)
{
    ended_at_ = std::chrono::steady_clock::now();
    completion_ = completion;
    id_in_callback_ = id_;
    enter_callback();
    leave_callback();
}

void ex_operation::on_complete(void* context, const ASYNC_COMPLETION* completion)
{
    static_cast<ex_operation*>(context)->end_with(*completion);
}

send_ex_operation::send_ex_operation(bytes memory, const std::vector<std::size_t>& pieces)
    : ex_operation(std::move(memory), pieces)
{
}

ASYNC_SOCKET_SEND_SYNC_RESULT send_ex_operation::start(ASYNC_SOCKET_HANDLE socket, std::uint32_t timeout_ms)
{
    const starting guard(*this);
    note_start();
    // The array is a copy that is gone when the call has returned: the library reads it during the call only.
    const std::vector<ASYNC_SOCKET_BUFFER> payload = buffers_;
    return async_socket_send_ex_async(socket, payload.data(), static_cast<std::uint32_t>(payload.size()), timeout_ms,
                                      &id_, on_complete, static_cast<ex_operation*>(this));
}

receive_ex_operation::receive_ex_operation(std::size_t size, const std::vector<std::size_t>& pieces)
    : ex_operation(bytes(size), pieces)
{
}

int receive_ex_operation::start(ASYNC_SOCKET_HANDLE socket, std::uint32_t timeout_ms)
{
    const starting guard(*this);
    note_start();
    std::vector<ASYNC_SOCKET_BUFFER> payload = buffers_;
    return async_socket_receive_ex_async(socket, payload.data(), static_cast<std::uint32_t>(payload.size()), timeout_ms,
                                         &id_, on_complete, static_cast<ex_operation*>(this));
}

int shutdown_operation::start(ASYNC_SOCKET_HANDLE socket)
{
    const starting guard(*this);
    note_start();
    return async_socket_shutdown_send_async(socket, on_complete, static_cast<ex_operation*>(this));
}

int socket_delay_operation::start(ASYNC_SOCKET_HANDLE socket, std::uint32_t delay_ms)
{
    const starting guard(*this);
    note_start();
    return async_socket_delay_async(socket, delay_ms, &id_, on_complete, static_cast<ex_operation*>(this));
}

close_operation::close_operation() : operation({}, {}) {}

int close_operation::start(ASYNC_SOCKET_HANDLE socket)
{
    const starting guard(*this);
    return async_socket_close_async(socket, on_closed, this);
}

int close_operation::start(ASYNC_LISTENER_HANDLE listener)
{
    const starting guard(*this);
    return async_listener_close_async(listener, on_closed, this);
}

void close_operation::on_closed(void* context)
{
    auto& self = *static_cast<close_operation*>(context);
    self.enter_callback();
    self.leave_callback();
}

int delay_operation::start(EXECUTION_ENGINE_HANDLE engine, std::uint32_t delay_ms)
{
    const starting guard(*this);
    note_start();
    return async_delay_start(engine, delay_ms, &id_, on_complete, static_cast<ex_operation*>(this));
}

int delay_operation::start(EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread, std::uint32_t delay_ms)
{
    const starting guard(*this);
    note_start();
    return async_delay_start_on(engine, thread, delay_ms, &id_, on_complete, static_cast<ex_operation*>(this));
}

} // namespace contract
