// SPDX-License-Identifier: MIT
//
// What became of one send or receive: the callback's arguments, how often it was called, and where.

#ifndef ASYNC_SOCKET_TESTS_UNIT_WIN32_OUTCOME_H
#define ASYNC_SOCKET_TESTS_UNIT_WIN32_OUTCOME_H

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "async_socket/async_socket.h"
#include "support/gate.h"

namespace unit {

class outcome {
public:
    outcome() = default;
    // `inside` runs in the callback, before the outcome is there to be waited for.
    explicit outcome(std::function<void()> inside) : inside_(std::move(inside)) {}

    static void on_send(void* context, ASYNC_SOCKET_SEND_RESULT result)
    {
        static_cast<outcome*>(context)->note(result, std::nullopt, 0);
    }

    static void on_receive(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes)
    {
        static_cast<outcome*>(context)->note(std::nullopt, result, bytes);
    }

    void wait() const
    {
        std::unique_lock<std::mutex> lock(mutex_);
        EXPECT_TRUE(changed_.wait_for(lock, generous_limit, [this] { return count_ != 0; })) << "no callback";
    }

    int count() const
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return count_;
    }

    // 0 where there was no callback, or one of the other kind: no value of the enum.
    ASYNC_SOCKET_SEND_RESULT sent() const
    {
        wait();
        const std::lock_guard<std::mutex> lock(mutex_);
        return send_result_.value_or(static_cast<ASYNC_SOCKET_SEND_RESULT>(0));
    }
    ASYNC_SOCKET_RECEIVE_RESULT received() const
    {
        wait();
        const std::lock_guard<std::mutex> lock(mutex_);
        return receive_result_.value_or(static_cast<ASYNC_SOCKET_RECEIVE_RESULT>(0));
    }
    std::uint32_t bytes() const
    {
        wait();
        const std::lock_guard<std::mutex> lock(mutex_);
        return bytes_;
    }
    std::thread::id thread() const
    {
        wait();
        const std::lock_guard<std::mutex> lock(mutex_);
        return thread_;
    }

private:
    void note(std::optional<ASYNC_SOCKET_SEND_RESULT> sent, std::optional<ASYNC_SOCKET_RECEIVE_RESULT> received,
              std::uint32_t bytes)
    {
        if (inside_) {
            inside_();
        }
        const std::lock_guard<std::mutex> lock(mutex_);
        count_++;
        send_result_ = sent;
        receive_result_ = received;
        bytes_ = bytes;
        thread_ = std::this_thread::get_id();
        changed_.notify_all();
    }

    std::function<void()> inside_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    int count_ = 0;
    std::optional<ASYNC_SOCKET_SEND_RESULT> send_result_;
    std::optional<ASYNC_SOCKET_RECEIVE_RESULT> receive_result_;
    std::uint32_t bytes_ = 0;
    std::thread::id thread_;
};

// What became of an open.
struct open_outcome {
    int count = 0;
    ASYNC_SOCKET_OPEN_RESULT result{};
    std::thread::id thread;
    std::function<void()> inside;

    static void on_open(void* context, ASYNC_SOCKET_OPEN_RESULT open_result)
    {
        auto* const self = static_cast<open_outcome*>(context);
        self->count++;
        self->result = open_result;
        self->thread = std::this_thread::get_id();
        if (self->inside) {
            self->inside();
        }
    }
};

} // namespace unit

#endif
