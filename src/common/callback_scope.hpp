// SPDX-License-Identifier: MIT
//
// Which callbacks of which sockets are on the stack of this thread. Close and destroy ask it, to leave out of what they
// wait for the callback that called them.
//
// The chain is thread-local: no other thread reads or writes it.

#ifndef ASYNC_SOCKET_COMMON_CALLBACK_SCOPE_HPP
#define ASYNC_SOCKET_COMMON_CALLBACK_SCOPE_HPP

#include <cstdint>

#include "async_socket/async_socket.h"

namespace async_socket::detail {

class callback_scope {
public:
    // `platform_callback` is what the platform knows the running callback by; nullptr where it knows nothing of it.
    callback_scope(ASYNC_SOCKET_HANDLE socket, void* platform_callback) noexcept
        : socket_(socket), platform_callback_(platform_callback), outer_(innermost_)
    {
        innermost_ = this;
    }

    ~callback_scope() { innermost_ = outer_; }

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
                scope->closes_ = true;
                return;
            }
        }
    }

    // Whether a callback of the socket on the stack of this thread is closing it.
    [[nodiscard]] static bool is_closing(ASYNC_SOCKET_HANDLE socket) noexcept
    {
        for (const callback_scope* scope = innermost_; scope != nullptr; scope = scope->outer_) {
            if (scope->socket_ == socket && scope->closes_) {
                return true;
            }
        }
        return false;
    }

    // The innermost callback on the stack of this thread; nullptr outside of any.
    [[nodiscard]] static const callback_scope* innermost() noexcept { return innermost_; }

    [[nodiscard]] ASYNC_SOCKET_HANDLE socket() const noexcept { return socket_; }
    [[nodiscard]] void* platform_callback() const noexcept { return platform_callback_; }
    [[nodiscard]] const callback_scope* outer() const noexcept { return outer_; }

private:
    static inline thread_local callback_scope* innermost_ = nullptr;

    ASYNC_SOCKET_HANDLE socket_;
    void* platform_callback_;
    callback_scope* outer_;
    bool closes_ = false;
};

} // namespace async_socket::detail

#endif
