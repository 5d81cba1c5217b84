// SPDX-License-Identifier: MIT
//
// Waits for the callbacks of a socket, and the rings that they form: a callback waits in a close for one that waits,
// through any number of closes, for the first. Each callback on the stack of a thread is held up by the waits on top of
// it, for their sockets' sake or, where a thread works while it waits, only because they are on top. In a ring none of
// the waits would ever end. So it is found, and each of them leaves out what in it cannot return.
//
// A wait that does not sleep costs two writes to memory of the thread. One that is about to is listed, for the process,
// under a mutex, together with those below it and with the callbacks that they hold up; and looks whether it closes a
// ring. Whoever comes last finds it, since everyone looks who sleeps. callback_wait.pml beside this is a model of it.
//
// What is shared is written under the mutex, but `left_out_` and `is_in_ring_`, which the waiting thread reads without;
// sequentially consistent, as is all that a wait reads (cooperative_wait.cpp).

#ifndef ASYNC_SOCKET_COMMON_LIFECYCLE_CALLBACK_WAIT_HPP
#define ASYNC_SOCKET_COMMON_LIFECYCLE_CALLBACK_WAIT_HPP

#include <atomic>
#include <cstdint>

#include "async_socket/async_socket.h"
#include "common/lifecycle/callback_scope.hpp"

namespace async_socket::detail {

class cooperative_thread;

class callback_wait {
public:
    enum class purpose : std::uint8_t {
        close,
        // On behalf of a close that nobody waits for: it is in no hurry, and so leaves out nothing.
        close_in_background,
        // Destroy, inside a callback of the socket: it does not wait for one that closes.
        destroy_inside,
        // Destroy elsewhere, for the end of a close on whatever thread, one that closes inside a callback included.
        destroy,
    };

    callback_wait(ASYNC_SOCKET_HANDLE awaited, purpose why) noexcept
        : awaited_(awaited), why_(why), innermost_scope_(callback_scope::innermost()), outer_(innermost_)
    {
        innermost_ = this;
    }
    ~callback_wait()
    {
        innermost_ = outer_;
        if (is_listed_) {
            take_out();
        }
    }
    callback_wait(const callback_wait&) = delete;
    callback_wait& operator=(const callback_wait&) = delete;

    // To be called before the thread sleeps. True: it has looked, and the wait may be over, or there may be something
    // to do for others; false: it has before. `word` is what it sleeps by (parking.hpp), where it is not cooperative.
    bool look_for_ring(const void* word) noexcept
    {
        if (has_looked_) {
            return false;
        }
        list_and_look(word);
        return true;
    }

    // How many of the socket's callbacks that have not returned are left out because of a ring. To be read after the
    // count of what has not returned: a callback is taken out of this before it is out of that.
    [[nodiscard]] std::uint32_t left_out() const noexcept { return left_out_.load(std::memory_order_seq_cst); }
    [[nodiscard]] bool is_in_ring() const noexcept { return is_in_ring_.load(std::memory_order_seq_cst); }

    // Whether a callback of the socket on the stack of this thread is left out by somebody.
    [[nodiscard]] static bool leaves_out_here(ASYNC_SOCKET_HANDLE socket) noexcept;

    // Of this thread; nullptr where it does not wait.
    [[nodiscard]] static const callback_wait* innermost() noexcept { return innermost_; }

    [[nodiscard]] ASYNC_SOCKET_HANDLE awaited() const noexcept { return awaited_; }

    // For a close of the socket that leaves out its callbacks on the stack of this thread: reports a ring where a wait
    // of this thread holds one of them up, and not the program that closes.
    static void warn_if_held_up(ASYNC_SOCKET_HANDLE socket) noexcept;

private:
    friend class callback_ring;

    void list_and_look(const void* word) noexcept;
    void take_out() noexcept;
    static void warn_of_ring(const char* sockets) noexcept;

    static inline thread_local callback_wait* innermost_ = nullptr;

    ASYNC_SOCKET_HANDLE const awaited_;
    const purpose why_;
    bool is_listed_ = false;  // written by the thread under the mutex
    bool has_looked_ = false; // the thread's own
    callback_scope* const innermost_scope_;
    callback_wait* const outer_;

    std::atomic<std::uint32_t> left_out_{0};
    std::atomic<bool> is_in_ring_{false};

    // From here on under the mutex, or by the thread before it is listed.
    const void* word_ = nullptr;
    cooperative_thread* thread_ = nullptr;
    callback_wait** top_ = nullptr; // the topmost listed one of the thread, in memory of that thread
    callback_wait* previous_ = nullptr;
    callback_wait* next_ = nullptr;
    // Of the search under way.
    callback_wait* next_found_ = nullptr;
    bool is_found_ = false;
    bool is_member_ = false;
};

} // namespace async_socket::detail

#endif
