// SPDX-License-Identifier: MIT
//
// The calls that start an operation of a socket that is open: what they have in common.

#ifndef ASYNC_SOCKET_API_SOCKET_COUNTED_CALL_HPP
#define ASYNC_SOCKET_API_SOCKET_COUNTED_CALL_HPP

#include "async_socket/async_socket.h"
#include "common/diagnostics/log.hpp"
#include "common/lifecycle/lifecycle.hpp"

namespace async_socket::detail {

// Calls `start()` inside a counted call. Its result, which says whether the operation has begun, is returned.
// `handle_name` is what the program calls the handle.
template <typename start_function>
[[nodiscard]] ASYNC_SOCKET_SEND_SYNC_RESULT counted_call(const char* function, const char* handle_name, lifecycle& life,
                                                         start_function start) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_097, SRS_ASYNC_SOCKET_WIN32_01_098, SRS_ASYNC_SOCKET_GUARANTEE_01_022
    if (!life.begin_call()) {
        const bool is_crowded = life.is_crowded();
        log_refused(function, handle_name, is_crowded ? "has more under way than can be counted" : "is not open");
        return is_crowded ? ASYNC_SOCKET_SEND_SYNC_ERROR : ASYNC_SOCKET_SEND_SYNC_NOT_OPEN;
    }
    const ASYNC_SOCKET_SEND_SYNC_RESULT result = start();
    if (result != ASYNC_SOCKET_SEND_SYNC_OK) {
        // SRS_ASYNC_SOCKET_WIN32_01_029, SRS_ASYNC_SOCKET_WIN32_01_084
        life.withdraw_call();
    } else {
        // The operation may have ended by now, but for this call the socket is there.
        life.end_call();
    }
    return result;
}

// The same for a `start()` that says so with true. 0: it has begun.
template <typename start_function>
[[nodiscard]] int counted_call_of(const char* function, const char* handle_name, lifecycle& life,
                                  start_function start) noexcept
{
    const auto start_it = [&start] { return start() ? ASYNC_SOCKET_SEND_SYNC_OK : ASYNC_SOCKET_SEND_SYNC_ERROR; };
    return counted_call(function, handle_name, life, start_it) == ASYNC_SOCKET_SEND_SYNC_OK ? 0 : 1;
}

} // namespace async_socket::detail

#endif
