// SPDX-License-Identifier: MIT
//
// What this thread is inside of: callbacks of connections, and calls that start something.

#ifndef ASYNC_SOCKET_TESTS_STRESS_CALLBACK_FRAME_H
#define ASYNC_SOCKET_TESTS_STRESS_CALLBACK_FRAME_H

#include <cstdint>
#include <utility>

namespace stress {

class connection;
struct operation;

// The connections whose callbacks are on the stack of this thread, innermost first.
struct own_callback {
    const connection* of;
    const own_callback* outer;
};

inline thread_local const own_callback* innermost = nullptr;

// The open that this thread is inside of.
inline thread_local const connection* being_opened = nullptr;
// The operation that this thread is just starting.
inline thread_local const operation* being_started = nullptr;

// Around the call that starts an operation.
class starting {
public:
    explicit starting(const operation* one) : before_(std::exchange(being_started, one)) {}
    ~starting() { being_started = before_; }
    starting(const starting&) = delete;
    starting& operator=(const starting&) = delete;

private:
    const operation* const before_;
};

std::uint32_t own_callbacks(const connection& of);

// Around the program's code in a callback: counts it as running, and knows if it must not.
class callback_frame {
public:
    callback_frame(connection& of, operation* called_back);
    ~callback_frame();
    callback_frame(const callback_frame&) = delete;
    callback_frame& operator=(const callback_frame&) = delete;

private:
    connection& of_;
    operation* const called_back_;
    const own_callback entry_;
};

} // namespace stress

#endif
