// SPDX-License-Identifier: MIT
//
// The names of operations: numbers that are never used twice.

#ifndef ASYNC_SOCKET_COMMON_OPERATION_OPERATION_ID_HPP
#define ASYNC_SOCKET_COMMON_OPERATION_OPERATION_ID_HPP

#include <atomic>
#include <cstdint>

#include "async_socket/async_operation.h"

namespace async_socket::detail {

// The lowest bits are the platform's, to find by them where the operation is.
inline constexpr unsigned operation_place_bits = 10;
inline constexpr std::uint64_t operation_place_mask = (std::uint64_t{1} << operation_place_bits) - 1;

// Threads take numbers by the block, so that they do not contend for one word. Relaxed: only the number counts.
[[nodiscard]] inline ASYNC_OPERATION_ID next_operation_id(std::uint64_t place) noexcept
{
    constexpr std::uint64_t block = 4096;
    static std::atomic<std::uint64_t> next_block{1};
    thread_local std::uint64_t next = 0;
    thread_local std::uint64_t end = 0;
    if (next == end) {
        next = next_block.fetch_add(1, std::memory_order_relaxed) * block;
        end = next + block;
    }
    return (next++ << operation_place_bits) | (place & operation_place_mask);
}

[[nodiscard]] constexpr std::uint64_t operation_place(ASYNC_OPERATION_ID id) noexcept
{
    return id & operation_place_mask;
}

} // namespace async_socket::detail

#endif
