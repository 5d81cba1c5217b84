// SPDX-License-Identifier: MIT
//
// How much a worker has to do, for whoever looks for one that is to get a socket. The worker tells of its rounds; any
// thread asks. Its times are of the coarse clock (clocks.hpp).
//
// Relaxed throughout: what is read is a hint, and an old value costs a connection the better of two places, nothing
// else. The words are written once a round, by their worker alone, and lie on a cache line of their own, which nobody
// reads but for a socket that is being opened. So a message touches no line of another worker's.

#ifndef ASYNC_SOCKET_LINUX_ENGINE_WORKER_LOAD_HPP
#define ASYNC_SOCKET_LINUX_ENGINE_WORKER_LOAD_HPP

#include <atomic>
#include <cstdint>

#include "common/operation/counter.hpp"
#include "common/time/timer_heap.hpp"

namespace async_socket::detail {

class alignas(64) worker_load {
public:
    // The worker's thread: it is about to wait, or has waited.
    void rests() noexcept { state_.store(state_.load(std::memory_order_relaxed) | resting, std::memory_order_relaxed); }
    // True: a period is over, to be ended by how long the thread has worked in its life, as the system counts it.
    [[nodiscard]] bool goes_on(time_point_ns now) noexcept
    {
        state_.store(now & ~resting, std::memory_order_relaxed);
        return now - period_began_ >= period;
    }
    void end_period(time_point_ns now, time_point_ns worked) noexcept;
    // The worker's thread: so long it has looked for work in vain.
    void has_spun(time_point_ns duration) noexcept { spun_ += duration; }

    // Any thread. A socket came to the worker, or left it.
    void add_socket() noexcept { sockets_.add(1); }
    void remove_socket() noexcept { sockets_.add(UINT64_MAX); }
    [[nodiscard]] std::uint64_t sockets() const noexcept { return sockets_.value(); }

    // Any thread. Whether what is given to the worker now would wait: a callback holds it up, or it has lately had no
    // time left. It is told of the first after `held_up_after`, of the second after `period`.
    [[nodiscard]] bool is_overloaded(time_point_ns now) const noexcept;

    // Longer than the rounds of a worker last that has much to do, and than it waits for a processor that others use,
    // too.
    static constexpr time_point_ns held_up_after = 20'000'000;
    static constexpr time_point_ns period = 250'000'000;

private:
    static constexpr std::uint64_t resting = 1;

    // When the round began, in nanoseconds, but that the lowest bit says whether it is over.
    std::atomic<std::uint64_t> state_{resting};
    // What part of the last whole period the thread has worked, in the kernel or outside of it.
    std::atomic<std::uint32_t> busy_percent_{0};
    // A negative number goes round.
    counter sockets_;

    // The worker's thread only.
    time_point_ns period_began_ = 0;
    time_point_ns worked_before_ = 0;
    time_point_ns spun_ = 0; // since the period began
};

} // namespace async_socket::detail

#endif
