// SPDX-License-Identifier: MIT
//
// A thread whose end is waited for with a limit: a wait that never ends is a failure that says so, not a hang.

#ifndef ASYNC_SOCKET_TESTS_UNIT_COMMON_BACKGROUND_H
#define ASYNC_SOCKET_TESTS_UNIT_COMMON_BACKGROUND_H

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>
#include <utility>

class background {
public:
    template <typename function>
    background(std::string name, function work)
        : name_(std::move(name)), thread_([this, work = std::move(work)]() mutable {
              started_.set_value();
              work();
              ended_.set_value();
          })
    {
        started_.get_future().wait();
    }

    background(const background&) = delete;
    background& operator=(const background&) = delete;

    ~background() { finish(); }

    // A thread that is stuck cannot be ended from outside, so neither can the program in good order.
    void finish()
    {
        if (!thread_.joinable()) {
            return;
        }
        constexpr std::chrono::seconds limit(60);
        if (ended_.get_future().wait_for(limit) != std::future_status::ready) {
            std::fprintf(stderr, "the thread '%s' did not end within %d s\n", name_.c_str(),
                         static_cast<int>(limit.count()));
            std::fflush(stderr);
            std::abort();
        }
        thread_.join();
    }

private:
    std::string name_;
    std::promise<void> started_;
    std::promise<void> ended_;
    std::thread thread_;
};

#endif
