// SPDX-License-Identifier: MIT
//
// What an execution engine is on Windows: a thread pool of its own, a timer, and a count of those who need it.

#ifndef ASYNC_SOCKET_WIN32_EXECUTION_ENGINE_HPP
#define ASYNC_SOCKET_WIN32_EXECUTION_ENGINE_HPP

#include <winsock2.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "async_socket/execution_engine.h"
#include "common/counter.hpp"
#include "common/operation_id.hpp"
#include "win32/operation_list.hpp"
#include "win32/timer_queue.hpp"

namespace async_socket::detail {

// What is counted of an engine, in parts, so that the threads of its pool seldom write to the same place.
struct alignas(64) engine_counters : transfer_counters {
    counter accepts;
    counter connects;
    counter wake_ups;
};

} // namespace async_socket::detail

struct EXECUTION_ENGINE_TAG {
    std::atomic<std::uint32_t> references{1};
    PTP_POOL pool = nullptr;
    // Not written after creation.
    std::uint32_t maximum = 0; // 0: none was set
    std::uint32_t minimum = 0; // where there is a maximum
    bool reuses_operations = false;

    // Threads that are blocked in close or destroy inside a callback. Read and written under the mutex, together with
    // the pool's maximum.
    std::mutex blocked_mutex;
    std::uint32_t blocked = 0;

    async_socket::detail::timer_queue timers;

    // The delays under way, spread over some lists by their names, so that each is short.
    [[nodiscard]] async_socket::detail::operation_list& delays_of(ASYNC_OPERATION_ID id) noexcept
    {
        return delays_[(id >> async_socket::detail::operation_place_bits) % delay_list_count];
    }

    // Each socket has a part, which it may share.
    static constexpr std::size_t counter_parts = 8;
    async_socket::detail::engine_counters counters[counter_parts];
    async_socket::detail::counter open_sockets;
    [[nodiscard]] async_socket::detail::engine_counters& counters_for(const void* socket) noexcept
    {
        return counters[(reinterpret_cast<std::uintptr_t>(socket) >> 6) % counter_parts];
    }

private:
    static constexpr std::size_t delay_list_count = 64;
    async_socket::detail::operation_list delays_[delay_list_count];
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
