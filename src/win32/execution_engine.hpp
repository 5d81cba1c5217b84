// SPDX-License-Identifier: MIT
//
// What an execution engine is on Windows: a thread pool of its own and a count of those who need it.

#ifndef ASYNC_SOCKET_WIN32_EXECUTION_ENGINE_HPP
#define ASYNC_SOCKET_WIN32_EXECUTION_ENGINE_HPP

#include <winsock2.h>

#include <atomic>
#include <cstdint>
#include <mutex>

#include "async_socket/execution_engine.h"

struct EXECUTION_ENGINE_TAG {
    std::atomic<std::uint32_t> references{1};
    PTP_POOL pool = nullptr;
    // Not written after creation.
    std::uint32_t maximum = 0; // 0: none was set
    std::uint32_t minimum = 0; // where there is a maximum

    // Threads that are blocked in close or destroy inside a callback. Read and written under the mutex, together with
    // the pool's maximum.
    std::mutex blocked_mutex;
    std::uint32_t blocked = 0;
};

namespace async_socket::detail {

// While it lives, a thread of a pool that is inside a callback does not count towards the maximum of its engine: it is
// about to wait for other callbacks, which would never run where it is the only thread that the engine may have.
// Outside of any callback, and inside another one of these, it does nothing. SRS_ASYNC_SOCKET_GUARANTEE_01_005
class blocked_thread {
public:
    blocked_thread() noexcept;
    ~blocked_thread();

    blocked_thread(const blocked_thread&) = delete;
    blocked_thread& operator=(const blocked_thread&) = delete;

private:
    EXECUTION_ENGINE_HANDLE engine_ = nullptr;
};

} // namespace async_socket::detail

#endif
