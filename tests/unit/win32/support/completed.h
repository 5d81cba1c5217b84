// SPDX-License-Identifier: MIT
//
// What became of one operation that says how it went.

#ifndef ASYNC_SOCKET_TESTS_UNIT_WIN32_COMPLETED_H
#define ASYNC_SOCKET_TESTS_UNIT_WIN32_COMPLETED_H

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "async_socket/async_operation.h"
#include "async_socket/async_socket_ex.h"
#include "support/gate.h"

namespace unit {

class completed {
public:
    completed() = default;
    // `inside` runs in the callback, before the completion is there to be waited for.
    explicit completed(std::function<void()> inside) : inside_(std::move(inside)) {}

    static void on_complete(void* context, const ASYNC_COMPLETION* completion)
    {
        auto* const self = static_cast<completed*>(context);
        const ASYNC_COMPLETION copy = *completion;
        {
            const std::lock_guard<std::mutex> lock(self->mutex_);
            self->seen_ = copy;
        }
        if (self->inside_) {
            self->inside_();
        }
        const std::lock_guard<std::mutex> lock(self->mutex_);
        self->count_++;
        self->thread_ = std::this_thread::get_id();
        self->changed_.notify_all();
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
    // As the callback got it, inside it, too.
    ASYNC_COMPLETION seen() const
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        return seen_;
    }
    ASYNC_COMPLETION get() const
    {
        wait();
        return seen();
    }
    ASYNC_STATUS status() const { return get().status; }
    std::thread::id thread() const
    {
        wait();
        const std::lock_guard<std::mutex> lock(mutex_);
        return thread_;
    }

private:
    std::function<void()> inside_;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    int count_ = 0;
    ASYNC_COMPLETION seen_{};
    std::thread::id thread_;
};

inline ASYNC_SOCKET_SEND_SYNC_RESULT send_ex(ASYNC_SOCKET_HANDLE socket, std::string& bytes, completed& result,
                                             std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT,
                                             ASYNC_OPERATION_ID* id = nullptr)
{
    const ASYNC_SOCKET_BUFFER buffer{bytes.data(), static_cast<std::uint32_t>(bytes.size())};
    return async_socket_send_ex_async(socket, &buffer, 1, timeout_ms, id, completed::on_complete, &result);
}

inline int receive_ex(ASYNC_SOCKET_HANDLE socket, std::string& room, completed& result,
                      std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT, ASYNC_OPERATION_ID* id = nullptr)
{
    ASYNC_SOCKET_BUFFER buffer{room.data(), static_cast<std::uint32_t>(room.size())};
    return async_socket_receive_ex_async(socket, &buffer, 1, timeout_ms, id, completed::on_complete, &result);
}

} // namespace unit

#endif
