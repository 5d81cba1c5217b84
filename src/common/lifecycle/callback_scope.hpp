// SPDX-License-Identifier: MIT
//
// Which callbacks of which sockets are on the stack of this thread. Close and destroy ask it, to leave out of what they
// wait for the callback that called them.
//
// The chain is thread-local: no other thread reads or writes it, but what callback_wait keeps in it of those that are
// listed there, under its mutex.

#ifndef ASYNC_SOCKET_COMMON_LIFECYCLE_CALLBACK_SCOPE_HPP
#define ASYNC_SOCKET_COMMON_LIFECYCLE_CALLBACK_SCOPE_HPP

#include <atomic>
#include <cstdint>

#include "async_socket/async_socket.h"

namespace async_socket::detail {

class callback_wait;

class callback_scope {
public:
    // `platform_callback` is what the platform knows the running callback by; nullptr where it knows nothing of it.
    callback_scope(ASYNC_SOCKET_HANDLE socket, void* platform_callback) noexcept
        : socket_(socket), platform_callback_(platform_callback), outer_(innermost_),
          height_(innermost_ == nullptr ? 1 : innermost_->height_ + 1)
    {
        innermost_ = this;
    }

    ~callback_scope()
    {
        innermost_ = outer_;
        if (is_listed_) {
            take_out();
        }
    }

    callback_scope(const callback_scope&) = delete;
    callback_scope& operator=(const callback_scope&) = delete;

    // How many callbacks of the socket are on the stack of this thread.
    [[nodiscard]] static std::uint32_t depth(ASYNC_SOCKET_HANDLE socket) noexcept
    {
        std::uint32_t count = 0;
        for (const callback_scope* scope = innermost_; scope != nullptr; scope = scope->outer_) {
            count += scope->socket_ == socket ? 1U : 0U;
        }
        return count;
    }

    // The innermost callback of the socket on the stack of this thread, if there is one, is closing the socket.
    static void mark_closing(ASYNC_SOCKET_HANDLE socket) noexcept
    {
        for (callback_scope* scope = innermost_; scope != nullptr; scope = scope->outer_) {
            if (scope->socket_ == socket) {
                scope->closes_.store(true, std::memory_order_relaxed);
                return;
            }
        }
    }

    // Whether a callback of the socket on the stack of this thread is closing it.
    [[nodiscard]] static bool is_closing(ASYNC_SOCKET_HANDLE socket) noexcept
    {
        for (const callback_scope* scope = innermost_; scope != nullptr; scope = scope->outer_) {
            if (scope->socket_ == socket && scope->closes()) {
                return true;
            }
        }
        return false;
    }

    // The innermost callback on the stack of this thread; nullptr outside of any.
    [[nodiscard]] static callback_scope* innermost() noexcept { return innermost_; }

    [[nodiscard]] ASYNC_SOCKET_HANDLE socket() const noexcept { return socket_; }
    // Whether it is closing its socket.
    [[nodiscard]] bool closes() const noexcept { return closes_.load(std::memory_order_relaxed); }
    [[nodiscard]] void* platform_callback() const noexcept { return platform_callback_; }
    // The same, once.
    [[nodiscard]] void* take_platform_callback() noexcept { return is_taken_ ? nullptr : take(); }
    [[nodiscard]] callback_scope* outer() noexcept { return outer_; }
    [[nodiscard]] const callback_scope* outer() const noexcept { return outer_; }

private:
    friend class callback_ring;

    void* take() noexcept
    {
        is_taken_ = true;
        return platform_callback_;
    }
    // In callback_wait.cpp.
    void take_out() noexcept;

    static inline thread_local callback_scope* innermost_ = nullptr;

    ASYNC_SOCKET_HANDLE socket_;
    void* platform_callback_;
    callback_scope* outer_;
    bool is_taken_ = false;
    const std::uint32_t height_;      // among those of the thread, the outermost one is 1
    std::atomic<bool> closes_{false}; // written by the thread; relaxed: it orders nothing

    // Written by the thread itself, under the mutex of callback_wait.
    bool is_listed_ = false;
    // From here on under that mutex. A socket is closed once and destroyed once, so no more than two wait for it.
    callback_wait* left_out_by_[2] = {};
    callback_wait** top_ = nullptr; // of the waits of the thread
    callback_scope* previous_ = nullptr;
    callback_scope* next_ = nullptr;
};

} // namespace async_socket::detail

#endif
