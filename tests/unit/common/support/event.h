// SPDX-License-Identifier: MIT
//
// Something that happens once and that threads wait for. Not std::latch: in libstdc++ 12 that loses wake-ups on
// Windows.

#ifndef ASYNC_SOCKET_TESTS_UNIT_COMMON_EVENT_H
#define ASYNC_SOCKET_TESTS_UNIT_COMMON_EVENT_H

#include <condition_variable>
#include <mutex>

class event {
public:
    void set()
    {
        const std::lock_guard lock(mutex_);
        happened_ = true;
        changed_.notify_all();
    }

    void wait()
    {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return happened_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool happened_ = false; // under the mutex
};

#endif
