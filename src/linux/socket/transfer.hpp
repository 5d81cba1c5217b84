// SPDX-License-Identifier: MIT
//
// Moving the bytes of an operation without waiting, by the system's send and receive or by the program's own; and what
// of an operation is left to be moved.

#ifndef ASYNC_SOCKET_LINUX_SOCKET_TRANSFER_HPP
#define ASYNC_SOCKET_LINUX_SOCKET_TRANSFER_HPP

#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "linux/socket/socket.hpp"
#include "linux/socket/turn.hpp"

namespace async_socket::detail {

enum class progress : std::uint8_t {
    ended,       // with or without an error
    would_block, // nothing more can be done now
    turn_over,   // more could be done, but others are to have their turn first
    paused,      // nothing can be done now, and the system will not tell when it can
    gone         // the operation has ended meanwhile, and perhaps the socket with it: both are not to be touched
};

struct transfer_result {
    progress state;
    int error = 0;           // of one that ended or is paused; 0: none
    bool is_drained = false; // a receive that has shown that nothing is left
};

// While the program's own function runs, the operation that it runs for. Whatever the function calls may end the
// operation, and then takes it out of here.
class attempted_operation {
public:
    [[nodiscard]] bool is(const operation* asked) const noexcept { return attempted_ == asked; }
    void begin(operation* attempted) noexcept { attempted_ = attempted; }
    void end() noexcept { attempted_ = nullptr; }

private:
    operation* attempted_ = nullptr;
};

// Sends what is left of it, as far as the turn goes.
[[nodiscard]] transfer_result try_send(operation& sent, turn& own, const attempted_operation& attempted) noexcept;
// Receives what is there, at least one byte or the end of the stream.
[[nodiscard]] transfer_result try_receive(operation& received, turn& own,
                                          const attempted_operation& attempted) noexcept;

// Whether the socket can be read or written now; would_block where it cannot.
[[nodiscard]] transfer_result try_notify(const operation& notified) noexcept;
// Whether the descriptor is ready for `events` of poll.
[[nodiscard]] bool is_ready(int fd, short events) noexcept;

// Counts `bytes` as moved and cuts them off what is left.
void advance(operation& moved, std::size_t bytes) noexcept;

// What of an operation one system call is to move: one buffer, or several of them as sendmsg and recvmsg take them. No
// more than IOV_MAX buffers and largest_piece bytes. The message belongs to the operation.
struct piece {
    iovec first;
    msghdr* message; // nullptr: the first buffer, or a part of it, is all
    std::size_t length;
};
[[nodiscard]] piece next_piece(operation& moved) noexcept;

// All flags of a send but those that wait. No SIGPIPE.
// SRS_ASYNC_SOCKET_LINUX_01_013
inline constexpr int send_flags = MSG_NOSIGNAL;

[[nodiscard]] constexpr bool is_would_block(int error) noexcept
{
    return error == EAGAIN || error == EWOULDBLOCK;
}

} // namespace async_socket::detail

#endif
