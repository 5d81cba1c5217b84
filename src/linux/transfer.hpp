// SPDX-License-Identifier: MIT
//
// Moving the bytes of an operation without waiting, by the system's send and receive or by the program's own; and what
// of an operation is left to be moved.

#ifndef ASYNC_SOCKET_LINUX_TRANSFER_HPP
#define ASYNC_SOCKET_LINUX_TRANSFER_HPP

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>

#include "linux/async_socket.hpp"

namespace async_socket::detail {

enum class progress {
    ended,       // with or without an error
    would_block, // nothing more can be done now
    paused       // the same, and the system will not tell when it can
};

struct transfer_result {
    progress state;
    int error; // of one that ended or is paused; 0: none
};

// Does what the operation is about, as far as that goes without waiting.
[[nodiscard]] transfer_result attempt(operation& first) noexcept;
// Sends what is left of it.
[[nodiscard]] transfer_result try_send(operation& sent) noexcept;
// Receives what is there, at least one byte or the end of the stream.
[[nodiscard]] transfer_result try_receive(operation& received) noexcept;

// Whether the socket can be read or written now; would_block where it cannot.
[[nodiscard]] transfer_result try_notify(const operation& notified) noexcept;

// Counts `bytes` as moved and cuts them off what is left.
void advance(operation& moved, std::size_t bytes) noexcept;

// What is left of one with several buffers, as sendmsg and recvmsg take it: at most IOV_MAX of them. It belongs to the
// operation.
[[nodiscard]] msghdr* remaining_message(operation& moved) noexcept;

// All flags of a send but those that wait. No SIGPIPE.
// SRS_ASYNC_SOCKET_LINUX_01_013
inline constexpr int send_flags = MSG_NOSIGNAL;

} // namespace async_socket::detail

#endif
