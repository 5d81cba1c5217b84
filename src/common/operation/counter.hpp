// SPDX-License-Identifier: MIT
//
// A figure that one side counts and anybody may read. Relaxed: a figure orders nothing.

#ifndef ASYNC_SOCKET_COMMON_OPERATION_COUNTER_HPP
#define ASYNC_SOCKET_COMMON_OPERATION_COUNTER_HPP

#include <atomic>
#include <cstdint>

namespace async_socket::detail {

class counter {
public:
    // Where no other thread counts at the same time: costs no locked instruction.
    void add_alone(std::uint64_t number) noexcept
    {
        value_.store(value_.load(std::memory_order_relaxed) + number, std::memory_order_relaxed);
    }
    // Where others may. A negative number goes round.
    void add(std::uint64_t number) noexcept { value_.fetch_add(number, std::memory_order_relaxed); }

    [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// What is counted of transfers, of a socket and of a thread.
struct transfer_counters {
    counter bytes_sent;
    counter bytes_received;
    counter sends;
    counter receives;
    counter errors;
};

} // namespace async_socket::detail

#endif
