// SPDX-License-Identifier: MIT

#include "async_socket/counters.h"

#include "api/platform/engine.hpp"
#include "api/platform/socket.hpp"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

namespace {

std::uint32_t pending_operations(const lifecycle& life) noexcept
{
    const std::uint32_t operations = life.operations();
    switch (life.current()) {
    case lifecycle::state::open:
    case lifecycle::state::connecting:
    case lifecycle::state::closing:
        return operations < standing_operations ? 0 : operations - standing_operations;
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
    if (refused_in_child(__func__)) {
        return 1;
    }
    // SRS_COUNTERS_01_003
    if (async_socket == nullptr || counters == nullptr) {
        log_refused(__func__, async_socket == nullptr ? "async_socket" : "counters", "is NULL");
        return 1;
    }
    const socket_core& core = core_of(async_socket);
    const transfer_counters& own = core.counters;
    *counters = {own.bytes_sent.value(), own.bytes_received.value(), own.sends.value(),
                 own.receives.value(),   own.errors.value(),         pending_operations(core.life)};
    return 0;
}

// SRS_COUNTERS_01_004
int execution_engine_get_counters(EXECUTION_ENGINE_HANDLE execution_engine, EXECUTION_ENGINE_COUNTERS* counters)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    // SRS_COUNTERS_01_003
    if (execution_engine == nullptr || counters == nullptr) {
        log_refused(__func__, execution_engine == nullptr ? "execution_engine" : "counters", "is NULL");
        return 1;
    }
    *counters = {};
    add_counters(execution_engine, *counters);
    return 0;
}
