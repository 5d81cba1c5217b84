// SPDX-License-Identifier: MIT

#include "async_socket/counters.h"

#include "common/log.hpp"
#include "win32/async_socket.hpp"
#include "win32/execution_engine.hpp"

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

} // namespace async_socket::detail

using namespace async_socket::detail;

// SRS_COUNTERS_01_001, SRS_COUNTERS_01_002
int async_socket_get_counters(ASYNC_SOCKET_HANDLE async_socket, ASYNC_SOCKET_COUNTERS* counters)
{
    // SRS_COUNTERS_01_003
    if (async_socket == nullptr || counters == nullptr) {
        log_refused(__func__, async_socket == nullptr ? "async_socket" : "counters", "is NULL");
        return 1;
    }
    const transfer_counters& own = async_socket->counters;
    *counters = {own.bytes_sent.value(), own.bytes_received.value(), own.sends.value(),
                 own.receives.value(),   own.errors.value(),         async_socket->life.operations()};
    return 0;
}

// SRS_COUNTERS_01_004
int execution_engine_get_counters(EXECUTION_ENGINE_HANDLE execution_engine, EXECUTION_ENGINE_COUNTERS* counters)
{
    // SRS_COUNTERS_01_003
    if (execution_engine == nullptr || counters == nullptr) {
        log_refused(__func__, execution_engine == nullptr ? "execution_engine" : "counters", "is NULL");
        return 1;
    }
    EXECUTION_ENGINE_COUNTERS sum{};
    for (const engine_counters& part : execution_engine->counters) {
        sum.bytes_sent += part.bytes_sent.value();
        sum.bytes_received += part.bytes_received.value();
        sum.sends += part.sends.value();
        sum.receives += part.receives.value();
        sum.errors += part.errors.value();
        sum.accepts += part.accepts.value();
        sum.connects += part.connects.value();
        sum.wake_ups += part.wake_ups.value();
    }
    sum.sockets = static_cast<std::uint32_t>(execution_engine->open_sockets.value());
    *counters = sum;
    return 0;
}
