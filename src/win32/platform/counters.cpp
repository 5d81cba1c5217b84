// SPDX-License-Identifier: MIT

#include "win32/engine/execution_engine.hpp"
#include "win32/socket/socket.hpp"

namespace async_socket::detail {

void count_send(ASYNC_SOCKET_HANDLE socket, bool is_error, std::uint32_t bytes) noexcept
{
    for (transfer_counters* const counters :
         {&socket->counters, static_cast<transfer_counters*>(&socket->engine->counters_for(socket))}) {
        counters->sends.add(1);
        counters->bytes_sent.add(bytes);
        if (is_error) {
            counters->errors.add(1);
        }
    }
}

void count_receive(ASYNC_SOCKET_HANDLE socket, bool is_error, std::uint32_t bytes) noexcept
{
    for (transfer_counters* const counters :
         {&socket->counters, static_cast<transfer_counters*>(&socket->engine->counters_for(socket))}) {
        counters->receives.add(1);
        counters->bytes_received.add(bytes);
        if (is_error) {
            counters->errors.add(1);
        }
    }
}

void add_counters(EXECUTION_ENGINE_HANDLE engine, EXECUTION_ENGINE_COUNTERS& sum) noexcept
{
    for (const engine_counters& part : engine->counters) {
        sum.bytes_sent += part.bytes_sent.value();
        sum.bytes_received += part.bytes_received.value();
        sum.sends += part.sends.value();
        sum.receives += part.receives.value();
        sum.errors += part.errors.value();
        sum.accepts += part.accepts.value();
        sum.connects += part.connects.value();
        sum.wake_ups += part.wake_ups.value();
    }
    sum.sockets += static_cast<std::uint32_t>(engine->open_sockets.value());
}

} // namespace async_socket::detail
