// SPDX-License-Identifier: MIT
//
// Threads of a pool that has a maximum, while some of them wait.

#ifndef ASYNC_SOCKET_WIN32_ENGINE_SPARE_THREAD_HPP
#define ASYNC_SOCKET_WIN32_ENGINE_SPARE_THREAD_HPP

#include "async_socket/execution_engine.h"

namespace async_socket::detail {

// Counts a callback of the program's that a thread of the pool runs, for as long as it lives.
class pool_callback {
public:
    explicit pool_callback(EXECUTION_ENGINE_HANDLE engine) noexcept;
    ~pool_callback();

    pool_callback(const pool_callback&) = delete;
    pool_callback& operator=(const pool_callback&) = delete;

private:
    EXECUTION_ENGINE_HANDLE engine_; // nullptr where there is no maximum
};

// Of one that waits for callbacks outside of any. It may be work of the program's own on the engine's pool; nobody can
// ask a thread whose it is.
class spare_thread {
public:
    explicit spare_thread(EXECUTION_ENGINE_HANDLE engine) noexcept : engine_(engine) {}
    ~spare_thread();

    spare_thread(const spare_thread&) = delete;
    spare_thread& operator=(const spare_thread&) = delete;

    // To be called when it has waited for long in vain. Unless all threads of the pool are in callbacks, which end, the
    // rest of them may be in such work and wait like this one: then the pool may have one more, for as long as this
    // lives. SRS_EXECUTION_ENGINE_WIN32_01_014
    void allow() noexcept;

private:
    EXECUTION_ENGINE_HANDLE engine_;
    bool is_allowed_ = false;
};

} // namespace async_socket::detail

#endif
