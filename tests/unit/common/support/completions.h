// SPDX-License-Identifier: MIT
//
// The system's part of a random program: a few threads that run callbacks in random order. Some operations complete at
// their leisure, some only once the connection is gone.

#ifndef ASYNC_SOCKET_TESTS_UNIT_COMMON_COMPLETIONS_H
#define ASYNC_SOCKET_TESTS_UNIT_COMMON_COMPLETIONS_H

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

#include "support/background.h"

class completions {
public:
    using callback = std::function<void()>;

    // A callback that closes and a callback that destroys may both be waiting for a third.
    static constexpr unsigned thread_count = 3;

    explicit completions(std::uint64_t seed)
    {
        for (unsigned i = 0; i < thread_count; ++i) {
            threads_.push_back(std::make_unique<background>("completions", [this, thread_seed = seed + i] {
                work(std::minstd_rand(static_cast<std::minstd_rand::result_type>(thread_seed)));
            }));
        }
    }

    void start(callback each, bool waits_for_disconnect)
    {
        const std::lock_guard lock(mutex_);
        (waits_for_disconnect && !disconnected_ ? held_ : ready_).push_back(std::move(each));
        changed_.notify_one();
    }

    void disconnect()
    {
        const std::lock_guard lock(mutex_);
        disconnected_ = true;
        std::move(held_.begin(), held_.end(), std::back_inserter(ready_));
        held_.clear();
        changed_.notify_all();
    }

    // Returns when every callback has returned.
    void finish()
    {
        {
            const std::lock_guard lock(mutex_);
            finishing_ = true;
            changed_.notify_all();
        }
        for (const auto& thread : threads_) {
            thread->finish();
        }
    }

private:
    void work(std::minstd_rand random)
    {
        std::unique_lock lock(mutex_);
        for (;;) {
            changed_.wait(lock, [this] { return !ready_.empty() || (finishing_ && held_.empty()); });
            if (ready_.empty()) {
                return;
            }
            std::swap(ready_[random() % ready_.size()], ready_.back());
            const callback next = std::move(ready_.back());
            ready_.pop_back();
            lock.unlock();
            next();
            lock.lock();
        }
    }

    std::mutex mutex_; // guards all below but the threads
    std::condition_variable changed_;
    std::vector<callback> ready_;
    std::vector<callback> held_;
    bool disconnected_ = false;
    bool finishing_ = false;
    std::vector<std::unique_ptr<background>> threads_;
};

#endif
