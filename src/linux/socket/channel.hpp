// SPDX-License-Identifier: MIT
//
// One direction of a socket: the operations that wait for their turn, first of all the one whose turn it is, and what
// is being done about that one. The back end (driven_backend) alone changes it.
//
//   idle ──> due ──> attempted ──> idle                 what could be had without waiting, the operation has
//              ^         │
//              │         ├──> due                       the turn is over before the operation is
//              │         ├──> asleep, asked, moving     it has to wait; each goes on to due, or to an attempt
//              └─────────┴──> paused                    nobody tells when to try again: after a while, or when an
//                                                       accept comes that has no time to wait

#ifndef ASYNC_SOCKET_LINUX_SOCKET_CHANNEL_HPP
#define ASYNC_SOCKET_LINUX_SOCKET_CHANNEL_HPP

#include <cstdint>

#include "linux/operation/operation.hpp"

namespace async_socket::detail {

enum class channel_state : std::uint8_t {
    idle,      // nothing is queued
    due,       // it is to have a turn: the socket is in the back end's list for that
    attempted, // the first one is being attempted, by a function of the program's perhaps
    asleep,    // until an event tells that the descriptor is ready; the kernel knows nothing of the operation
    asked,     // the kernel was asked to tell when the descriptor is ready
    moving,    // the kernel moves the bytes of the first one
    paused     // until a timer is due
};

struct channel {
    operation_queue queue;
    channel_state state = channel_state::idle;
    bool ready = false;         // an attempt may succeed, for all we know
    bool has_hurried = false;   // there are operations that have no time to wait, and have not been tried yet
    bool cancel_is_due = false; // the kernel is still to be told to end the first one
    std::uint8_t fruitless = 0; // attempts in a row that the descriptor was ready for, and the program's function not

    // Whether the first one is in use elsewhere, and so must come to its own end.
    [[nodiscard]] bool in_flight() const noexcept { return state == channel_state::attempted || is_with_kernel(); }
    [[nodiscard]] bool is_with_kernel() const noexcept
    {
        return state == channel_state::asked || state == channel_state::moving;
    }
};

} // namespace async_socket::detail

#endif
