// SPDX-License-Identifier: MIT
//
// One notification as a test sees it. It must live until its socket is destroyed. Since a socket that is not full can
// be written at once, it is also the way to run something on the worker of a socket.

#ifndef ASYNC_SOCKET_TESTS_UNIT_LINUX_SUPPORT_NOTIFICATION_H
#define ASYNC_SOCKET_TESTS_UNIT_LINUX_SUPPORT_NOTIFICATION_H

#include <atomic>
#include <functional>
#include <thread>
#include <utility>

#include "async_socket/async_socket.h"

#include "support/event.h"

namespace linux_tests {

class notification {
public:
    notification() = default;
    explicit notification(std::function<void()> run_in_callback) : in_callback(std::move(run_in_callback)) {}
    notification(const notification&) = delete;
    notification& operator=(const notification&) = delete;

    // What the test does inside the callback. Set before the start.
    std::function<void()> in_callback;

    int start(ASYNC_SOCKET_HANDLE socket, ASYNC_SOCKET_NOTIFY_IO_TYPE type = ASYNC_SOCKET_NOTIFY_IO_TYPE_OUT)
    {
        return async_socket_notify_io_async(socket, type, on_complete, this);
    }

    [[nodiscard]] bool wait() { return done_.wait(); }
    [[nodiscard]] bool is_done() const { return done_.is_set(); }
    [[nodiscard]] unsigned calls() const { return calls_; }
    // Of the last callback. Read after wait().
    [[nodiscard]] ASYNC_SOCKET_NOTIFY_IO_RESULT result() const { return result_; }
    [[nodiscard]] std::thread::id thread() const { return thread_; }

private:
    static void on_complete(void* context, ASYNC_SOCKET_NOTIFY_IO_RESULT result)
    {
        notification& self = *static_cast<notification*>(context);
        self.result_ = result;
        self.thread_ = std::this_thread::get_id();
        ++self.calls_;
        if (self.in_callback) {
            self.in_callback();
        }
        self.done_.set();
    }

    ASYNC_SOCKET_NOTIFY_IO_RESULT result_{};
    std::thread::id thread_;
    std::atomic<unsigned> calls_{0};
    contract::event done_;
};

// Keeps a worker inside a callback of the socket, from construction to release.
class held_worker {
public:
    explicit held_worker(ASYNC_SOCKET_HANDLE socket)
        : holding_([this] {
              entered_.set();
              held_well_ = released_.wait();
          }),
          is_held_(holding_.start(socket) == 0 && entered_.wait())
    {
    }
    held_worker(const held_worker&) = delete;
    held_worker& operator=(const held_worker&) = delete;
    ~held_worker() { release(); }

    [[nodiscard]] bool is_held() const { return is_held_; }
    void release()
    {
        if (is_held_ && !holding_.is_done()) {
            released_.set();
            static_cast<void>(holding_.wait());
        }
    }

private:
    contract::event entered_;
    contract::event released_;
    bool held_well_ = false;
    notification holding_;
    bool is_held_;
};

} // namespace linux_tests

#endif
