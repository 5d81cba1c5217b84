// SPDX-License-Identifier: MIT
//
// Which worker is given what is begun.

#ifndef ASYNC_SOCKET_LINUX_ENGINE_PLACEMENT_HPP
#define ASYNC_SOCKET_LINUX_ENGINE_PLACEMENT_HPP

#include <cstdint>

#include "async_socket/async_socket.h"
#include "async_socket/execution_engine.h"

namespace async_socket::detail {

class worker;

// The engine's worker that this thread is; nullptr where it is none.
[[nodiscard]] worker* own_worker(EXECUTION_ENGINE_HANDLE engine) noexcept;

// Its place among the workers of its engine.
[[nodiscard]] std::uint32_t index_of(const worker& of) noexcept;

// For a socket that is being opened or connected by this thread: the one that it was placed on or has had before, where
// there is one.
[[nodiscard]] worker& worker_for(ASYNC_SOCKET_HANDLE socket) noexcept;

// For what belongs to no socket and is begun by this thread. `most` is how many of the engine's workers it can be with.
[[nodiscard]] worker& worker_in_turn(EXECUTION_ENGINE_HANDLE engine, std::uint32_t most) noexcept;

} // namespace async_socket::detail

#endif
