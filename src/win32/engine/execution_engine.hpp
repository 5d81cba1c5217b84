// SPDX-License-Identifier: MIT
//
// What an execution engine is on Windows: a thread pool of its own, a timer, and a count of those who need it.

#ifndef ASYNC_SOCKET_WIN32_ENGINE_EXECUTION_ENGINE_HPP
#define ASYNC_SOCKET_WIN32_ENGINE_EXECUTION_ENGINE_HPP

#include <winsock2.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "api/platform/engine.hpp"
#include "common/operation/counter.hpp"
#include "common/operation/operation_id.hpp"
#include "win32/engine/timer_queue.hpp"
#include "win32/operation/operation_list.hpp"

namespace async_socket::detail {

// What is counted of an engine, in parts, so that the threads of its pool seldom write to the same place.
struct alignas(64) engine_counters : transfer_counters {
    counter accepts;
    counter connects;
    counter wake_ups;
};

} // namespace async_socket::detail

struct EXECUTION_ENGINE_TAG : async_socket::detail::engine_core {
    PTP_POOL pool = nullptr;
    // Not written after creation.
    std::uint32_t maximum = 0; // 0: none was set
    std::uint32_t minimum = 0;
    bool reuses_operations = false;

    // Threads that are blocked in close or destroy inside a callback, or may be so inside work of the program's own.
    // Read and written under the mutex, together with the pool's maximum.
    std::mutex blocked_mutex;
    std::uint32_t blocked = 0;
    // Callbacks of the program's that threads of the pool are running; where there is a maximum. Relaxed: it is only
    // looked at where nothing has moved for long.
    std::atomic<std::uint32_t> callbacks{0};

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

// Sets the bounds of a pool that has a maximum anew; under the engine's mutex.
void allow_for_blocked_threads(EXECUTION_ENGINE_HANDLE engine) noexcept;

} // namespace async_socket::detail

#endif
