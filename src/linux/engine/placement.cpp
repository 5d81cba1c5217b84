// SPDX-License-Identifier: MIT

#include "linux/engine/placement.hpp"

#include <algorithm>

#include "linux/engine/execution_engine.hpp"
#include "linux/engine/least_loaded.hpp"
#include "linux/engine/worker.hpp"
#include "linux/system/clocks.hpp"

namespace async_socket::detail {

namespace {

// Relaxed: it only spreads what is begun.
std::uint32_t next_in_turn(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    return engine->next_worker.fetch_add(1, std::memory_order_relaxed);
}

// Where several are alike, each has its turn.
worker& least_loaded_of(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    worker* const workers = engine->workers;
    const std::uint32_t count = engine->worker_count;
    if (count == 1) {
        return workers[0];
    }
    const worker* const here = own_worker(engine);
    const auto load_of = [workers](std::uint32_t number) -> const worker_load& { return workers[number].load(); };
    return workers[least_loaded(count, next_in_turn(engine), here != nullptr ? index_of(*here) : count, coarse_now_ns(),
                                load_of)];
}

} // namespace

worker* own_worker(EXECUTION_ENGINE_HANDLE engine) noexcept
{
    worker* const here = worker::current();
    return here != nullptr && here->engine() == engine ? here : nullptr;
}

std::uint32_t index_of(const worker& of) noexcept
{
    return static_cast<std::uint32_t>(&of - of.engine()->workers);
}

worker& worker_for(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (worker* const before = socket->worker.load(std::memory_order_relaxed); before != nullptr) {
        return *before;
    }
    // What a callback connects, or opens on a connection that it came by in its own way, is likely to talk to the
    // socket of that callback. What a listener has handed out is likely to be one of many.
    // SRS_EXECUTION_ENGINE_LINUX_01_040, SRS_EXECUTION_ENGINE_LINUX_01_041
    const bool is_handed_out = socket->transport != nullptr && socket->transport->is_handed_out;
    worker* const here = is_handed_out ? nullptr : own_worker(socket->engine);
    return here != nullptr ? *here : least_loaded_of(socket->engine);
}

worker& worker_in_turn(EXECUTION_ENGINE_HANDLE engine, std::uint32_t most) noexcept
{
    const std::uint32_t count = std::min(engine->worker_count, most);
    if (worker* const here = own_worker(engine); here != nullptr && index_of(*here) < count) {
        return *here;
    }
    // One that is held up is passed over, unless all are. SRS_EXECUTION_ENGINE_LINUX_01_043
    const time_point_ns now = coarse_now_ns();
    worker* chosen = &engine->workers[next_in_turn(engine) % count];
    for (std::uint32_t i = 1; i < count && chosen->load().is_overloaded(now); ++i) {
        chosen = &engine->workers[next_in_turn(engine) % count];
    }
    return *chosen;
}

} // namespace async_socket::detail
