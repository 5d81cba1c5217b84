// SPDX-License-Identifier: MIT
//
// Which of several workers gets a socket.

#ifndef ASYNC_SOCKET_LINUX_ENGINE_LEAST_LOADED_HPP
#define ASYNC_SOCKET_LINUX_ENGINE_LEAST_LOADED_HPP

#include <cstdint>

#include "linux/engine/worker_load.hpp"

namespace async_socket::detail {

// The number of the one with the fewest sockets, of those that keep up, or, where none does, of all; where several are
// alike, the first from `first` on. `here` is the one that asks; `count`: none of them. load_of(number) is its
// worker_load.
// SRS_EXECUTION_ENGINE_LINUX_01_040, SRS_EXECUTION_ENGINE_LINUX_01_042, SRS_ASYNC_SOCKET_GUARANTEE_01_023
template <typename LoadOf>
[[nodiscard]] std::uint32_t least_loaded(std::uint32_t count, std::uint32_t first, std::uint32_t here,
                                         time_point_ns now, const LoadOf& load_of) noexcept
{
    std::uint32_t best = count;
    bool best_is_overloaded = false;
    std::uint64_t fewest = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t each = (first + i) % count;
        const worker_load& load = load_of(each);
        // Nothing holds this one up, however long ago its round began: others may have had its processor.
        const bool is_overloaded = load.is_overloaded(each == here ? 0 : now);
        const std::uint64_t sockets = load.sockets();
        const bool is_better = is_overloaded == best_is_overloaded ? sockets < fewest : best_is_overloaded;
        if (best == count || is_better) {
            best = each;
            best_is_overloaded = is_overloaded;
            fewest = sockets;
        }
    }
    return best;
}

} // namespace async_socket::detail

#endif
