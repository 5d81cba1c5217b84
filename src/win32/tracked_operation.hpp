// SPDX-License-Identifier: MIT
//
// What an operation of the system's has in addition when it can be named, cancelled and timed.
//
// It is touched by the thread that starts it, by those who cancel it (under the mutex of the socket's list), by the
// timer (under the mutex of the queue) and by on_io_complete, which takes it out of both before it frees it. So whoever
// has one of these mutexes and finds the operation may give its OVERLAPPED to CancelIoEx.

#ifndef ASYNC_SOCKET_WIN32_TRACKED_OPERATION_HPP
#define ASYNC_SOCKET_WIN32_TRACKED_OPERATION_HPP

#include <atomic>

#include "win32/io_operation.hpp"
#include "win32/operation_list.hpp"
#include "win32/status.hpp"
#include "win32/timer_queue.hpp"

namespace async_socket::detail {

struct tracked_operation : io_operation, operation_entry, timer_entry {
    ASYNC_SOCKET_HANDLE socket = nullptr;
    ON_ASYNC_COMPLETE on_complete = nullptr;
    time_point_ns time_limit = never;
    // The first one to write it wins.
    std::atomic<end_reason> reason{end_reason::none};

    // As io_operation::create, with all that a time limit needs, which `start_timer` sets.
    [[nodiscard]] static tracked_operation* create_for(const char* function, io_kind kind, ASYNC_SOCKET_HANDLE socket,
                                                       time_point_ns limit, const ASYNC_SOCKET_BUFFER* payload,
                                                       std::uint32_t buffer_count, std::uint32_t total_length) noexcept;

    // Names the operation, and lets it be found and cancelled. Returns the name.
    ASYNC_OPERATION_ID begin(ASYNC_OPERATION_ID* name) noexcept;
    // For one that has begun and was not started.
    void withdraw() noexcept;

    // Ends it as far as the system lets us; under one of the mutexes.
    void end_early(end_reason why) noexcept;
    // Sees to it that the system is asked again where that was in vain; under the mutex of the list.
    void cancel_again() noexcept;
};

// To be called when the system has taken the operation of this name, which may be complete and gone by now: does what
// somebody has asked for in between, and starts its time.
void start_timer(ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept;

// The end of a send_ex or receive_ex: calls back.
void complete_tracked(ASYNC_SOCKET_HANDLE socket, PTP_CALLBACK_INSTANCE instance, tracked_operation* finished,
                      ULONG io_result, ULONG_PTR bytes) noexcept;

} // namespace async_socket::detail

#endif
