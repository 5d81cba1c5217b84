// SPDX-License-Identifier: MIT
//
// What makes an async socket a listener: it is one whose receiving side accepts. So it has the life, the queue and the
// close of a socket.

#ifndef ASYNC_SOCKET_LINUX_LISTEN_LISTENING_HPP
#define ASYNC_SOCKET_LINUX_LISTEN_LISTENING_HPP

#include "linux/operation/worker_timer.hpp"
#include "linux/socket/socket.hpp"
#include "linux/socket/transfer.hpp"

namespace async_socket::detail {

struct listening {
    explicit listening(ASYNC_SOCKET_HANDLE socket) noexcept : retry(timer_purpose::retry, socket) {}

    // How long a listener waits that is short of descriptors or memory.
    static constexpr time_point_ns pause = 100'000'000;

    // The worker's thread only.
    worker_timer retry;
    std::uint32_t failed_in_a_row = 0;
    bool is_short = false; // has been reported
};

// Takes one connection, if there is one. progress::paused: not now, for want of something, whether there is one or not.
[[nodiscard]] transfer_result try_accept(operation& accepting) noexcept;

} // namespace async_socket::detail

#endif
