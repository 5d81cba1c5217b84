// SPDX-License-Identifier: MIT
//
// Not part of the interface: a std::stop_callback that is often destroyed on one thread while it is called on another.

#ifndef ASYNC_SOCKET_CPP_STOP_SUBSCRIPTION_HPP
#define ASYNC_SOCKET_CPP_STOP_SUBSCRIPTION_HPP

#include <atomic>
#include <chrono>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

namespace async_socket::impl {

// The destructor of a std::stop_callback waits for a call of it that is under way on another thread. On systems without
// futexes libstdc++ 12 loses the wake-up of that wait. There the call is waited for here, so that the wait of the
// destructor finds it over.
template <typename Function>
class stop_subscription {
public:
    stop_subscription() noexcept = default;
    stop_subscription(const stop_subscription&) = delete;
    stop_subscription& operator=(const stop_subscription&) = delete;
    ~stop_subscription() { reset(); }

    void emplace(std::stop_token token, Function function)
    {
        is_called_.store(false, std::memory_order_relaxed);
        called_by_.store({}, std::memory_order_relaxed);
        function_.emplace(std::move(function));
        token_ = std::move(token);
        callback_.emplace(token_, call{this});
    }

    void reset() noexcept
    {
        if (callback_) {
            wait_for_call();
            callback_.reset();
            token_ = {};
        }
    }

private:
    struct call {
        stop_subscription* self;
        void operator()() const noexcept
        {
            self->called_by_.store(std::this_thread::get_id(), std::memory_order_relaxed);
            (*self->function_)();
            self->is_called_.store(true, std::memory_order_release);
        }
    };

    void wait_for_call() const noexcept
    {
#if defined(__GLIBCXX__) && !defined(_GLIBCXX_HAVE_PLATFORM_WAIT)
        using namespace std::chrono_literals;
        if (!token_.stop_requested() || called_by_.load(std::memory_order_relaxed) == std::this_thread::get_id()) {
            return;
        }
        // It will be called, unless this thread is the one that is about to. The flag is set a moment before the call
        // is over.
        const auto limit = std::chrono::steady_clock::now() + 100ms;
        while (!is_called_.load(std::memory_order_acquire) && std::chrono::steady_clock::now() < limit) {
            std::this_thread::yield();
        }
        std::this_thread::sleep_for(1ms);
#endif
    }

    std::stop_token token_;
    std::optional<Function> function_;
    std::atomic<std::thread::id> called_by_{};
    std::atomic<bool> is_called_{false};
    std::optional<std::stop_callback<call>> callback_;
};

} // namespace async_socket::impl

#endif
