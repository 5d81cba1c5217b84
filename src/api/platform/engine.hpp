// SPDX-License-Identifier: MIT
//
// An execution engine: what it has on every platform, and what a platform does for it.

#ifndef ASYNC_SOCKET_API_PLATFORM_ENGINE_HPP
#define ASYNC_SOCKET_API_PLATFORM_ENGINE_HPP

#include <atomic>
#include <cstdint>

#include "async_socket/async_operation.h"
#include "async_socket/counters.h"
#include "async_socket/execution_engine.h"
#include "async_socket/placement.h"

namespace async_socket::detail {

// The base of a platform's EXECUTION_ENGINE_TAG.
struct engine_core {
    std::atomic<std::uint32_t> references{1};
};

// Of the API, for the platforms: a maximum of 0 is none. False, and reported, where the two contradict each other.
[[nodiscard]] bool check_thread_counts(const char* function, std::uint32_t minimum, std::uint32_t maximum) noexcept;

// Of the API: whether there is such a thread, or it is any. False: reported in the name of `function`.
[[nodiscard]] bool check_thread(const char* function, EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread) noexcept;

// What follows is the platform's.

[[nodiscard]] engine_core& core_of(EXECUTION_ENGINE_HANDLE engine) noexcept;

// nullptr, reported in the name of `function`, where the system refuses.
[[nodiscard]] EXECUTION_ENGINE_HANDLE make_engine(const char* function, std::uint32_t minimum,
                                                  std::uint32_t maximum) noexcept;
// Nobody needs it any more; the caller may be a callback of it.
void end_engine(EXECUTION_ENGINE_HANDLE engine) noexcept;

// Of those that run callbacks.
[[nodiscard]] std::uint32_t thread_count(EXECUTION_ENGINE_HANDLE engine) noexcept;
// Of the caller; any where it is none.
[[nodiscard]] std::uint32_t current_thread(EXECUTION_ENGINE_HANDLE engine) noexcept;

void add_counters(EXECUTION_ENGINE_HANDLE engine, EXECUTION_ENGINE_COUNTERS& sum) noexcept;

// Takes a reference to the engine, which the end of the delay drops. `thread`: one that there is, or any. False, and
// nothing has begun: reported in the name of `function`.
[[nodiscard]] bool start_delay(const char* function, EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread,
                               std::uint32_t delay_ms, ASYNC_OPERATION_ID* id, ON_ASYNC_COMPLETE on_complete,
                               void* context) noexcept;
// Does nothing where there is no such delay. False: the system refuses; reported in the name of `function`.
[[nodiscard]] bool cancel_delay(const char* function, EXECUTION_ENGINE_HANDLE engine, ASYNC_OPERATION_ID id) noexcept;
// The same, and returns when its callback has returned, or at once inside that. It never fails.
void cancel_delay_and_wait(EXECUTION_ENGINE_HANDLE engine, ASYNC_OPERATION_ID id) noexcept;

// While it lives, the calling thread waits for callbacks of sockets, other than by working them off: an engine that
// bounds its threads leaves it out of the bound.
class blocked_thread {
public:
    blocked_thread() noexcept;
    ~blocked_thread(); // NOLINT(performance-trivially-destructible): the other platform has something to do in it

    blocked_thread(const blocked_thread&) = delete;
    blocked_thread& operator=(const blocked_thread&) = delete;

private:
    [[maybe_unused]] EXECUTION_ENGINE_HANDLE engine_ = nullptr; // one whose bound was raised
};

} // namespace async_socket::detail

#endif
