// SPDX-License-Identifier: MIT
//
// What an operation of the system's has in addition when it can be named, cancelled and timed.
//
// It is touched by the thread that starts it, by those who cancel it (under the mutex of the socket's list), by the
// timer (under the mutex of the queue) and by on_io_complete, which takes it out of both before it frees it. So whoever
// has one of these mutexes and finds the operation may give its OVERLAPPED to CancelIoEx.

#ifndef ASYNC_SOCKET_WIN32_SOCKET_TRACKED_OPERATION_HPP
#define ASYNC_SOCKET_WIN32_SOCKET_TRACKED_OPERATION_HPP

#include <atomic>

#include "win32/engine/timer_queue.hpp"
#include "win32/operation/operation_list.hpp"
#include "win32/socket/io_operation.hpp"
#include "win32/socket/status.hpp"

namespace async_socket::detail {

// Who has a tracked operation, and is the only one to end it.
enum class holder : std::uint8_t {
    system, // or the call that is about to give it to the system, or on_io_complete
    queue,  // it waits to be given to the system
    timer,  // it has been taken out of the queue of the timers, whose callback goes on with it
};

struct tracked_operation : io_operation, operation_entry, timer_entry {
    ASYNC_SOCKET_HANDLE socket = nullptr;
    ON_ASYNC_COMPLETE on_complete = nullptr;
    time_point_ns time_limit = never;
    // The first one to write it wins.
    std::atomic<end_reason> reason{end_reason::none};
    // Written under the mutex of the list; and from `queue` to `timer`, by exchange, under the mutex of the timers.
    // What the timer has is not queued there again by anybody else: it would be called for twice.
    std::atomic<holder> held_by{holder::system};

    // Of a receive; the line's, under the mutex of the list.
    tracked_operation* before = nullptr;
    tracked_operation* behind = nullptr;
    bool is_in_line = false;
    bool can_end_early = false; // it has a name or a time limit; not written any more when it begins
    DWORD refusal = 0;          // of the system, which did not take it when it was its turn

    // As io_operation::create, with all that a time limit needs, which `start_timer` sets.
    [[nodiscard]] static tracked_operation* create_for(const char* function, io_kind kind, ASYNC_SOCKET_HANDLE socket,
                                                       const operation_request& request) noexcept;

    // Names the operation, and lets it be found and cancelled. Returns the name.
    ASYNC_OPERATION_ID begin(ASYNC_OPERATION_ID* name) noexcept;
    // For one that has begun and was not started.
    void withdraw() noexcept;

    // The first reason that it is to end for.
    void note_reason(end_reason why) noexcept;
    // Gives it to the timer, for that reason. False: it is not in the queue.
    [[nodiscard]] bool take_from_queue(end_reason why) noexcept;

    // Ends it as far as the system lets us; under one of the mutexes.
    void end_early(end_reason why) noexcept;
    // Sees to it that the system is asked again where that was in vain; under the mutex of the list.
    void cancel_again() noexcept;
};

// To be called when the system has taken the operation of this name, which may be complete and gone by now: does what
// somebody has asked for in between, and starts its time.
void start_timer(ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept;
// The same, under the mutex of the list; and for one that is known to be there.
void start_timer_of(ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept;
void start_timer(tracked_operation& operation) noexcept;

// The end of a send_ex or receive_ex: calls back.
void complete_tracked(ASYNC_SOCKET_HANDLE socket, PTP_CALLBACK_INSTANCE instance, tracked_operation* finished,
                      ULONG io_result, ULONG_PTR bytes) noexcept;

} // namespace async_socket::detail

#endif
