// SPDX-License-Identifier: MIT
//
// What tests wait on: a counter that only grows, and an event, which is one that grows once.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_EVENT_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_EVENT_H

#include <condition_variable>
#include <cstddef>
#include <mutex>

#include "support/limit.h"

namespace contract {

class counter {
public:
    // Notifies under the lock: the waiter may destroy the counter as soon as it has been woken.
    void add(std::size_t number = 1)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        value_ += number;
        changed_.notify_all();
    }

    // False when the limit is over first.
    [[nodiscard]] bool wait_for(std::size_t number)
    {
        std::unique_lock<std::mutex> lock(mutex_);
        return changed_.wait_for(lock, generous_limit(), [&] { return value_ >= number; });
    }

    [[nodiscard]] std::size_t value() const
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return value_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t value_ = 0; // under mutex_
};

class event {
public:
    void set() { counter_.add(); }
    [[nodiscard]] bool wait() { return counter_.wait_for(1); }
    [[nodiscard]] bool is_set() const { return counter_.value() != 0; }

private:
    counter counter_;
};

} // namespace contract

#endif
