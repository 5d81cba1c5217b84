// SPDX-License-Identifier: MIT
//
// A send and a receive of the program's own, which make use of what they may: they call the library on other sockets,
// and say now and then that they would block though the descriptor is ready.

#include <algorithm>
#include <cerrno>

#include <sys/socket.h>

#include "program/performance.h"

namespace sim {

namespace {

int would_block()
{
    errno = EAGAIN;
    return -1;
}

} // namespace

// Whether the program's own function would block now, though the descriptor is ready.
bool performance::would_block_anyway(socket_record& socket)
{
    random& chance = world_.time.chance();
    if (chance.one_in(40)) {
        // For a while, as one that waits for something that the descriptor does not tell.
        socket.refuses_until = world_.time.now() + (1 + chance.below(20)) * millisecond;
    }
    return world_.time.now() < socket.refuses_until || chance.one_in(8);
}

// Whether the attempt is to go on: what it has called may have ended the operation, and then its memory is not to be
// touched, and what it moves is told by nobody.
bool performance::goes_on_with(socket_record& socket, const operation_record& first)
{
    if (world_.time.chance().one_in(4)) {
        socket.attempted_on = scheduler::thread_number();
        perform_all(program_.in_attempts, &socket);
        socket.attempted_on = -1;
        return false;
    }
    return first.calls == 0 && !would_block_anyway(socket);
}

const operation_record& performance::operation_of(const socket_record& socket, const void* memory) const
{
    const auto place = std::find_if(socket.operations.begin(), socket.operations.end(), [memory](const auto* each) {
        return std::any_of(each->pieces.begin(), each->pieces.end(), [memory](const ASYNC_SOCKET_BUFFER& piece) {
            return memory >= piece.buffer && memory < static_cast<const char*>(piece.buffer) + piece.length;
        });
    });
    if (place == socket.operations.end()) {
        oracle_.fail("socket %d: a send or receive of the program's own is given memory of no operation",
                     socket.number);
    }
    return **place;
}

int performance::send_itself(void* context, ASYNC_SOCKET_HANDLE, const void* data, std::size_t length)
{
    auto& socket = *static_cast<socket_record*>(context);
    performance& own = *socket.performed_by;
    const operation_record& first = own.operation_of(socket, data);
    ssize_t moved = 0;
    if (!own.goes_on_with(socket, first)) {
        moved = would_block();
    } else if (own.world_.time.chance().one_in(64)) {
        // No send of the system takes nothing.
        socket.took_nothing = true;
    } else {
        moved = ::send(socket.descriptor, data, length, MSG_NOSIGNAL);
    }
    own.oracle_.is_attempted(socket, first, moved > 0 || (moved < 0 && errno != EAGAIN));
    return static_cast<int>(moved);
}

int performance::receive_itself(void* context, ASYNC_SOCKET_HANDLE, void* data, std::size_t length)
{
    auto& socket = *static_cast<socket_record*>(context);
    performance& own = *socket.performed_by;
    const operation_record& first = own.operation_of(socket, data);
    const ssize_t moved = own.goes_on_with(socket, first) ? ::recv(socket.descriptor, data, length, 0) : would_block();
    own.oracle_.is_attempted(socket, first, moved >= 0 || errno != EAGAIN);
    return static_cast<int>(moved);
}

} // namespace sim
