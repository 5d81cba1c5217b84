// SPDX-License-Identifier: MIT
//
// When and how overlapped operations complete.

#ifndef FAKE_WIN32_COMPLETIONS_H
#define FAKE_WIN32_COMPLETIONS_H

#include <cstddef>
#include <cstdint>
#include <vector>

#include "winsock2.h"

namespace fake_win32 {

// Whether an overlapped call that could be completed at once returns 0 or WSA_IO_PENDING. The completion is delivered
// either way, as on Windows. Seeded: as the seed says.
enum class at_once : std::uint8_t { seeded, never, always };
void return_at_once(at_once mode);

// From now on operations stay pending until complete() names them, or until CancelIoEx ends them.
void hold_operations();

// From now on operations end as they do on a network, but callbacks wait until deliver_completions(); those of
// operations that CancelIoEx has ended, too.
void hold_callbacks();

// Ends either hold. What waited goes on.
void deliver_completions();

enum class pending_kind : std::uint8_t { send, receive, connect, accept };

struct pending_operation {
    OVERLAPPED* overlapped = nullptr;
    SOCKET socket = 0;
    bool is_send = false;
    pending_kind kind = pending_kind::send;
    std::uint64_t length = 0; // of all its buffers
    bool ended = false;       // only the callback is outstanding
};
std::vector<pending_operation> pending_operations();

// Waits until exactly `count` operations are outstanding. False after a generous limit.
bool wait_for_pending(std::size_t count);

// Ends a pending operation with this outcome, whatever the network says; nothing is transferred. The callback is
// delivered even while callbacks are held. False when it is not outstanding.
bool complete(OVERLAPPED* overlapped, DWORD io_result, ULONG_PTR bytes);

// Delivers the callback of one ended operation while callbacks are held. False when it is not outstanding.
bool deliver(OVERLAPPED* overlapped);

// From now on timers of pools do not call back, whatever the time is, until release_timers().
void hold_timers();
void release_timers();

// The error with which operations end that CancelIoEx has ended; ERROR_OPERATION_ABORTED after begin(). Which error
// it is differs between versions of Windows.
void cancel_with(DWORD io_result);

// The next calls of CancelIoEx, so many, end nothing. Wine's does not end an operation that Wine is just trying to
// carry out; where the attempt fails, the operation stays pending.
void miss_cancels(std::size_t number);

} // namespace fake_win32

#endif
