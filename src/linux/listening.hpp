// SPDX-License-Identifier: MIT
//
// What makes an async socket a listener: it is one whose receiving side accepts. So it has the life, the queue and the
// close of a socket.

#ifndef ASYNC_SOCKET_LINUX_LISTENING_HPP
#define ASYNC_SOCKET_LINUX_LISTENING_HPP

#include "async_socket/async_listener.h"
#include "linux/async_socket.hpp"
#include "linux/transfer.hpp"
#include "linux/worker_timer.hpp"

namespace async_socket::detail {

struct listening {
    explicit listening(ASYNC_SOCKET_HANDLE socket) noexcept : retry(timer_purpose::accepting, socket) {}

    // How long a listener waits that is short of descriptors or memory.
    static constexpr time_point_ns pause = 100'000'000;

    // The worker's thread only.
    worker_timer retry;
    bool is_short = false; // has been reported
};

[[nodiscard]] inline ASYNC_SOCKET_HANDLE socket_of(ASYNC_LISTENER_HANDLE listener) noexcept
{
    return reinterpret_cast<ASYNC_SOCKET_HANDLE>(listener);
}

// Takes one connection, if there is one. progress::paused: not now, for want of something, whether there is one or not.
[[nodiscard]] transfer_result try_accept(operation& accepting) noexcept;

} // namespace async_socket::detail

#endif
