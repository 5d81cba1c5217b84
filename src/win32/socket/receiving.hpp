// SPDX-License-Identifier: MIT
//
// Giving receives to the system, in their order.

#ifndef ASYNC_SOCKET_WIN32_SOCKET_RECEIVING_HPP
#define ASYNC_SOCKET_WIN32_SOCKET_RECEIVING_HPP

#include <winsock2.h>

#include <mutex>

#include "async_socket/async_socket.h"
#include "win32/engine/timer_queue.hpp"
#include "win32/socket/status.hpp"

namespace async_socket::detail {

struct io_operation;
struct tracked_operation;

// Starts one that counts as being with the system. 0 or the error; after 0 it may be gone.
[[nodiscard]] DWORD give_receive(ASYNC_SOCKET_HANDLE socket, io_operation* receive) noexcept;

// Gives the system what it may have of those that wait; for whoever serves the line. `lock` is on the mutex of the
// socket's list. What the system refuses ends on a thread of the pool.
void serve_receives(ASYNC_SOCKET_HANDLE socket, std::unique_lock<std::mutex>& lock) noexcept;

// The system has one less. `was_alone`: it had to be alone.
void leave_receives(ASYNC_SOCKET_HANDLE socket, bool was_alone) noexcept;

// Ends one that is queued, on a thread of the pool; under the mutex of the list.
void end_queued_receive(tracked_operation& receive, end_reason why) noexcept;

// What the timer calls for a receive that the system does not have: `run` of its entry.
void complete_queued_receive(timer_entry& timer, PTP_CALLBACK_INSTANCE instance) noexcept;

} // namespace async_socket::detail

#endif
