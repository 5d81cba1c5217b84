// SPDX-License-Identifier: MIT
//
// Something that happens once and that others wait for, with a generous limit.

#ifndef ASYNC_SOCKET_TESTS_UNIT_WIN32_GATE_H
#define ASYNC_SOCKET_TESTS_UNIT_WIN32_GATE_H

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace unit {

inline constexpr std::chrono::seconds generous_limit{60};

class gate {
public:
    void open()
    {
        // Notified under the mutex: who waits may destroy the gate as soon as it is open.
        const std::lock_guard<std::mutex> lock(mutex_);
        is_open_ = true;
        changed_.notify_all();
    }

    bool is_open() const
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return is_open_;
    }

    void wait() const
    {
        std::unique_lock<std::mutex> lock(mutex_);
        EXPECT_TRUE(changed_.wait_for(lock, generous_limit, [this] { return is_open_; })) << "waited too long";
    }

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    bool is_open_ = false;
};

// For what cannot be waited for otherwise. False after the generous limit.
template <class Predicate>
bool eventually(Predicate predicate)
{
    const auto deadline = std::chrono::steady_clock::now() + generous_limit;
    while (!predicate()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

// Lets other threads get as far as they may, for a test of something that must not happen. It can only miss a defect,
// never report one that is not there.
inline void give_others_every_chance()
{
    for (int i = 0; i < 300; i++) {
        std::this_thread::yield();
    }
}

} // namespace unit

#endif
