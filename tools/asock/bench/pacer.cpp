// SPDX-License-Identifier: MIT

#include "bench/pacer.hpp"

#include "platform/timer.hpp"

#include <algorithm>
#include <cstdint>

namespace asock {

pacer::pacer(async_socket::semaphore& due, const schedule& times, std::uint64_t count)
    : due_(due), times_(times), count_(count), thread_([this](const std::stop_token& stop) { run(stop); })
{
}

void pacer::run(const std::stop_token& stop)
{
    sharpen_timers();
    std::unique_lock lock(mutex_);
    for (std::uint64_t released = 0; released < count_ && !stop.stop_requested();) {
        never_notified_.wait_until(lock, stop, times_.time_of(released), [] { return false; });
        const std::uint64_t now_due = std::min(count_, times_.due_before(schedule::clock::now()));
        if (now_due > released) {
            due_.release(now_due - released);
            released = now_due;
        }
    }
}

} // namespace asock
