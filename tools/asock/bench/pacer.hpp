// SPDX-License-Identifier: MIT
//
// Says when it is time for the next message.

#ifndef ASOCK_BENCH_PACER_HPP
#define ASOCK_BENCH_PACER_HPP

#include "bench/schedule.hpp"

#include <async_socket/cpp/semaphore.hpp>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <thread>

namespace asock {

// A thread of its own, which wakes up more exactly than the timers of an engine, whose unit is the millisecond. It ends
// when this is destroyed.
class pacer {
public:
    // Releases `due` once for each of the first `count` messages, when it is to leave.
    pacer(async_socket::semaphore& due, const schedule& times, std::uint64_t count);

private:
    void run(const std::stop_token& stop);

    async_socket::semaphore& due_;
    const schedule times_;
    const std::uint64_t count_;
    std::mutex mutex_; // nothing is shared; a wait for a moment or a stop needs one
    std::condition_variable_any never_notified_;
    std::jthread thread_; // ends before the rest is destroyed
};

} // namespace asock

#endif
