// SPDX-License-Identifier: MIT
//
// All that an engine has to do at some time: a heap under a mutex, and one timer of the engine's pool, which is set to
// the earliest of it. The timer is made when it is needed first.

#ifndef ASYNC_SOCKET_WIN32_ENGINE_TIMER_QUEUE_HPP
#define ASYNC_SOCKET_WIN32_ENGINE_TIMER_QUEUE_HPP

#include <winsock2.h>

#include <cstdint>
#include <mutex>

#include "async_socket/execution_engine.h"
#include "common/time/timer_heap.hpp"

namespace async_socket::detail {

// What is to become of an entry whose time has come.
enum class timer_step : std::uint8_t { ended, run, again };

struct timer_entry : timer_node {
    // At its time it is taken out of the queue, and one or both of these are called. `expire`, where there is one, is
    // called under the queue's mutex: what it touches cannot be freed before `remove` has returned. It says whether to
    // go on with `run`, or to be called again soon. `run` is called without the mutex, as the last thing that the
    // thread does in the queue.
    timer_step (*expire)(timer_entry& entry) noexcept = nullptr;
    void (*run)(timer_entry& entry, PTP_CALLBACK_INSTANCE instance) noexcept = nullptr;
    // It is not to be queued any more.
    bool is_closed = false;
};

// How long to wait for the end of what was cancelled before it is cancelled once more: Wine's cancel misses an
// operation that Wine is just trying to carry out. SRS_ASYNC_SOCKET_WIN32_01_110
inline constexpr std::uint32_t cancel_again_ms = 50;

class timer_queue {
public:
    // Sees to it that there is a timer, which the rest takes for granted. False: the system refuses; reported in the
    // name of `function`.
    [[nodiscard]] bool prepare(const char* function, EXECUTION_ENGINE_HANDLE engine) noexcept;

    // Queues the entry, or moves it forward, unless it is closed. It is not moved back: somebody may have asked for
    // now.
    void schedule(timer_entry& entry, time_point_ns due) noexcept;
    // Moves the entry, if it is queued, to the front.
    void hurry(timer_entry& entry) noexcept;
    // Takes the entry out, if it is queued.
    void remove(timer_entry& entry) noexcept;
    // The same, for good.
    void close(timer_entry& entry) noexcept;

    // For the end of the engine: no thread is in the queue afterwards, but the caller's callback.
    void stop() noexcept;

private:
    static void CALLBACK on_timer(PTP_CALLBACK_INSTANCE instance, void* context, PTP_TIMER timer);

    // These need the mutex.
    void queue(timer_entry& entry, time_point_ns due) noexcept;
    void take_out(timer_entry& entry) noexcept;
    void set_timer() noexcept;
    [[nodiscard]] timer_entry* take_due() noexcept;

    std::mutex mutex_;
    // All of it under the mutex.
    timer_heap heap_;
    PTP_TIMER timer_ = nullptr;
    time_point_ns timer_is_set_to_ = never;
};

// The engine whose timer has called this thread; nullptr outside of such a callback. It is for callbacks that belong to
// no socket.
[[nodiscard]] EXECUTION_ENGINE_HANDLE engine_of_timer_callback() noexcept;

// Lets whoever waits for callbacks leave out this one, which the calling thread is running. Once is enough.
void disassociate_from(PTP_CALLBACK_INSTANCE instance) noexcept;

} // namespace async_socket::detail

#endif
