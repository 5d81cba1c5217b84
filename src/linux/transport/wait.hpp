// SPDX-License-Identifier: MIT
//
// Waiting for a socket that never blocks.

#ifndef ASYNC_SOCKET_LINUX_TRANSPORT_WAIT_HPP
#define ASYNC_SOCKET_LINUX_TRANSPORT_WAIT_HPP

#include "common/time/deadline.hpp"

namespace async_socket::detail {

enum class wait_outcome {
    ready,        // the next system call on the socket will not block, or tells what is wrong with it
    disconnected, // the other descriptor has become readable
    timed_out,
    failed, // errno says why
};

// Waits for `events` of poll, or an error, on `socket`. `disconnected` is a descriptor that ends the wait; -1: none.
[[nodiscard]] wait_outcome wait_until_ready(int socket, short events, int disconnected, const deadline& limit) noexcept;

} // namespace async_socket::detail

#endif
