// SPDX-License-Identifier: MIT
//
// Not part of the interface: a std::stop_callback that is often destroyed on one thread while it is called on another,
// and as often by the very call.

#ifndef ASYNC_SOCKET_CPP_STOP_SUBSCRIPTION_HPP
#define ASYNC_SOCKET_CPP_STOP_SUBSCRIPTION_HPP

#include <optional>
#include <stop_token>
#include <utility>

// The destructor of a std::stop_callback waits for a call of it that is in progress on another thread. On systems
// without futexes, libstdc++ 12 loses the wake-up of that wait.
#if defined(__GLIBCXX__) && !defined(_GLIBCXX_HAVE_PLATFORM_WAIT)
#define ASYNC_SOCKET_CPP_STOP_CALLBACK_LOSES_WAKE_UPS
#include <atomic>
#include <cstdint>
#include <thread>
#endif

namespace async_socket::impl {

// Requests a stop through a share of its own, since the stop may end whoever owns the source.
// NOLINTNEXTLINE(performance-unnecessary-value-param): the copy is the share.
inline void request_stop_of(std::stop_source source) noexcept
{
    source.request_stop();
}

#ifndef ASYNC_SOCKET_CPP_STOP_CALLBACK_LOSES_WAKE_UPS

template <typename Function>
class stop_subscription {
public:
    void emplace(std::stop_token token, Function function) { callback_.emplace(std::move(token), std::move(function)); }

    void reset() noexcept { callback_.reset(); }

private:
    std::optional<std::stop_callback<Function>> callback_;
};

#else

// So a call that is in progress is waited for here, and ends by destroying the std::stop_callback itself, on the thread
// that requests the stop, where its destructor waits for nobody. Only the owner that is just destroying it while the
// call is about to begin leaves the rest to the standard library.
template <typename Function>
class stop_subscription {
public:
    stop_subscription() noexcept = default;
    stop_subscription(const stop_subscription&) = delete;
    stop_subscription& operator=(const stop_subscription&) = delete;
    ~stop_subscription() { reset(); }

    void emplace(std::stop_token token, Function function)
    {
        called_by_.store({}, std::memory_order_relaxed);
        phase_.store(phase::beginning, std::memory_order_relaxed);
        function_.emplace(std::move(function));
        callback_.emplace(std::move(token), call{this});
        phase beginning = phase::beginning;
        phase_.compare_exchange_strong(beginning, phase::waiting, std::memory_order_acq_rel);
    }

    void reset() noexcept
    {
        phase seen = phase::waiting;
        if (!phase_.compare_exchange_strong(seen, phase::leaving, std::memory_order_acq_rel)) {
            if (seen == phase::empty) {
                return;
            }
            wait_for_call();
        }
        callback_.reset();
        phase_.store(phase::empty, std::memory_order_relaxed);
    }

private:
    enum class phase : std::uint8_t {
        empty,
        beginning, // the owner makes the std::stop_callback, which may call at once
        waiting,
        leaving, // the owner destroys it
        called,
        over, // the call touches nothing any more
    };

    struct call {
        stop_subscription* self;
        void operator()() const noexcept
        {
            stop_subscription& called = *self;
            phase before = phase::waiting;
            if (!called.phase_.compare_exchange_strong(before, phase::called, std::memory_order_acq_rel)) {
                if (before == phase::leaving) {
                    return;
                }
                called.phase_.store(phase::called, std::memory_order_relaxed);
            }
            bool is_gone = false;
            called.is_gone_ = &is_gone;
            called.called_by_.store(std::this_thread::get_id(), std::memory_order_relaxed);
            const Function function = *called.function_;
            function();
            if (is_gone) {
                return;
            }
            if (before == phase::waiting) {
                called.callback_.reset(); // this object with it
            }
            called.phase_.store(phase::over, std::memory_order_release);
        }
    };

    void wait_for_call() const noexcept
    {
        if (called_by_.load(std::memory_order_relaxed) == std::this_thread::get_id() &&
            phase_.load(std::memory_order_relaxed) != phase::over) {
            *is_gone_ = true;
            return;
        }
        while (phase_.load(std::memory_order_acquire) != phase::over) {
            std::this_thread::yield();
        }
    }

    // Written by the owner and, from `waiting` or `beginning` on, by the call; release and acquire, so that whoever has
    // waited for the end of the call sees what it did.
    std::atomic<phase> phase_{phase::empty};
    std::atomic<std::thread::id> called_by_{};
    bool* is_gone_ = nullptr; // of the call that is in progress
    std::optional<Function> function_;
    std::optional<std::stop_callback<call>> callback_;
};

#endif

} // namespace async_socket::impl

#endif
