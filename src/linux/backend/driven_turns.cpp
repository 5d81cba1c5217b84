// SPDX-License-Identifier: MIT
//
// The turns of the sockets that had more to do than their last one held.

#include <initializer_list>

#include "linux/backend/driven_backend.hpp"

namespace async_socket::detail {

void driven_backend::make_due(ASYNC_SOCKET_HANDLE socket, channel& direction) noexcept
{
    direction.state = channel_state::due;
    add_turn(socket);
}

void driven_backend::add_turn(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (!socket->turn_link::is_linked()) {
        turns_.push_back(socket);
    }
}

// SRS_ASYNC_SOCKET_LINUX_01_034, SRS_ASYNC_SOCKET_LINUX_01_036
void driven_backend::run_turns() noexcept
{
    socket_list<turn_link> having_theirs;
    having_theirs.take_all(turns_);
    while (!having_theirs.empty()) {
        ASYNC_SOCKET_HANDLE const socket = having_theirs.front();
        socket->turn_link::unlink();
        bool is_gone = false;
        for (channel* direction : {&socket->receives, &socket->sends}) {
            if (!is_gone && direction->state == channel_state::due) {
                // Its own, or the other direction might never leave anything of it.
                turn_.begin();
                is_gone = drive(socket, *direction) == drive_result::gone;
            }
        }
        if (!is_gone) {
            tell_kernel_again(socket);
        }
    }
}

void driven_backend::resume(ASYNC_SOCKET_HANDLE socket) noexcept
{
    for (channel* direction : {&socket->receives, &socket->sends}) {
        if (direction->state == channel_state::paused) {
            direction->ready = true;
            start(socket, *direction);
        }
    }
}

} // namespace async_socket::detail
