// SPDX-License-Identifier: MIT
//
// What the library calls.

#include "program/performance.h"

namespace sim {

void performance::ended(operation_record& operation, int result, int system_error, std::uint32_t bytes)
{
    if (operation.what == verb::connect) {
        connected(operation, result);
    }
    oracle_.called(operation, result, system_error, bytes);
    // A flood that is received byte by byte is enough at some time.
    constexpr std::size_t most_operations = 20'000;
    const bool goes_on = operation.what == verb::receive_on && result == ASYNC_STATUS_OK && !is_ending_ &&
                         oracle_.operations.size() < most_operations;
    if (goes_on && !operation.socket->is_destroyed) {
        receive(*operation.asked, *operation.socket);
    } else {
        perform_all(*operation.then, operation.socket);
    }
    oracle_.callback_returns(operation);
}

void performance::on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result)
{
    auto& operation = *static_cast<operation_record*>(context);
    operation.performed_by->ended(operation, result, 0, 0);
}

void performance::on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes)
{
    auto& operation = *static_cast<operation_record*>(context);
    operation.performed_by->ended(operation, result, 0, bytes);
}

void performance::on_notified(void* context, ASYNC_SOCKET_NOTIFY_IO_RESULT result)
{
    auto& operation = *static_cast<operation_record*>(context);
    operation.performed_by->ended(operation, result, 0, 0);
}

void performance::on_complete(void* context, const ASYNC_COMPLETION* completion)
{
    auto& operation = *static_cast<operation_record*>(context);
    operation.performed_by->ended(operation, completion->status, completion->system_error, completion->bytes);
}

void performance::on_accepted(void* context, const ASYNC_COMPLETION* completion, SOCKET_TRANSPORT_HANDLE transport)
{
    auto& operation = *static_cast<operation_record*>(context);
    performance& own = *operation.performed_by;
    own.oracle_.called(operation, completion->status, completion->system_error, completion->bytes);
    own.accepted(operation, transport);
    own.perform_all(*operation.then, operation.socket);
    own.oracle_.callback_returns(operation);
}

void performance::on_opened(void* context, ASYNC_SOCKET_OPEN_RESULT)
{
    auto& socket = *static_cast<socket_record*>(context);
    socket.is_being_opened = false;
    if (socket.now_is == life::made) {
        socket.now_is = life::open;
    }
}

} // namespace sim
