// SPDX-License-Identifier: MIT
//
// Coroutines that are not the library's: they begin at once. The one has an owner, who may destroy it while it waits;
// the other frees itself at its end.

#ifndef ASYNC_SOCKET_TESTS_CPP_SUPPORT_OWNED_COROUTINE_H
#define ASYNC_SOCKET_TESTS_CPP_SUPPORT_OWNED_COROUTINE_H

#include <coroutine>
#include <exception>
#include <utility>

namespace cpp_layer {

class owned_coroutine {
public:
    struct promise_type {
        owned_coroutine get_return_object()
        {
            return owned_coroutine(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        static std::suspend_never initial_suspend() noexcept { return {}; }
        static std::suspend_always final_suspend() noexcept { return {}; }
        static void return_void() {}
        static void unhandled_exception() { std::terminate(); }
    };

    owned_coroutine(owned_coroutine&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    owned_coroutine& operator=(owned_coroutine&&) = delete;
    ~owned_coroutine() { destroy(); }

    void destroy()
    {
        if (handle_) {
            std::exchange(handle_, {}).destroy();
        }
    }

private:
    explicit owned_coroutine(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

    std::coroutine_handle<promise_type> handle_;
};

struct detached_coroutine {
    struct promise_type {
        static detached_coroutine get_return_object() { return {}; }
        static std::suspend_never initial_suspend() noexcept { return {}; }
        static std::suspend_never final_suspend() noexcept { return {}; }
        static void return_void() {}
        static void unhandled_exception() { std::terminate(); }
    };
};

} // namespace cpp_layer

#endif
