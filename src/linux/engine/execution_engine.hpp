// SPDX-License-Identifier: MIT
//
// What an execution engine is on Linux: a fixed set of workers and a count of those who need them.

#ifndef ASYNC_SOCKET_LINUX_ENGINE_EXECUTION_ENGINE_HPP
#define ASYNC_SOCKET_LINUX_ENGINE_EXECUTION_ENGINE_HPP

#include <atomic>
#include <cstdint>

#include "api/platform/engine.hpp"
#include "async_socket/execution_engine_linux.h"
#include "linux/engine/worker.hpp"

struct EXECUTION_ENGINE_TAG : async_socket::detail::engine_core {
    // Whose turn it is to get something, of those that are alike (placement.hpp); wraps around.
    std::atomic<std::uint32_t> next_worker{0};

    // How long a worker looks for work before it sleeps; 0: not at all. Any thread; relaxed: it orders nothing. Every
    // wait reads it: from here on nothing is on a cache line with what changes with each socket.
    alignas(64) std::atomic<std::uint64_t> spin_limit_ns{std::uint64_t{1000} *
                                                         EXECUTION_ENGINE_LINUX_DEFAULT_SPIN_LIMIT_US};

    // Not written after creation.
    EXECUTION_ENGINE_LINUX_BACKEND backend = EXECUTION_ENGINE_LINUX_BACKEND_ANY;
    std::uint32_t worker_count = 0;
    async_socket::detail::worker* workers = nullptr;
};

namespace async_socket::detail {

// Waits for the ends of all workers but `self` (nullptr: all), which have been requested, and frees the engine.
void dispose_of_engine(EXECUTION_ENGINE_HANDLE engine, const worker* self) noexcept;

} // namespace async_socket::detail

#endif
