// SPDX-License-Identifier: MIT

#include "async_socket/counters.h"

#include "common/log.hpp"
#include "linux/async_socket.hpp"
#include "linux/execution_engine.hpp"

namespace async_socket::detail {

namespace {

// Without that the socket is attached to its worker, which counts as an operation of its life.
std::uint32_t pending_operations(const lifecycle& life) noexcept
{
    const std::uint32_t operations = life.operations();
    switch (life.current()) {
    case lifecycle::state::open:
    case lifecycle::state::connecting:
    case lifecycle::state::closing:
        return operations == 0 ? 0 : operations - 1;
    default:
        return operations;
    }
}

} // namespace

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
                 own.receives.value(),   own.errors.value(),         pending_operations(async_socket->life)};
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
    *counters = {};
    for (std::uint32_t i = 0; i < execution_engine->worker_count; ++i) {
        execution_engine->workers[i].add_counters_to(*counters);
    }
    return 0;
}
