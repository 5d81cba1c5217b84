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

// Whether the attempt is to go on: what it has called may have ended the operation, and then its memory is not to be
// touched, and what it moves is told by nobody.
bool performance::goes_on_with(socket_record& socket, const void* memory)
{
    if (world_.time.chance().one_in(4)) {
        socket.attempted_on = scheduler::thread_number();
        perform_all(program_.in_attempts, &socket);
        socket.attempted_on = -1;
        return false;
    }
    const auto place = std::find_if(socket.operations.begin(), socket.operations.end(), [memory](const auto* each) {
        return std::any_of(each->pieces.begin(), each->pieces.end(), [memory](const ASYNC_SOCKET_BUFFER& piece) {
            return memory >= piece.buffer && memory < static_cast<const char*>(piece.buffer) + piece.length;
        });
    });
    if (place == socket.operations.end()) {
        oracle_.fail("socket %d: a send or receive of the program's own is given memory of no operation",
                     socket.number);
    }
    return (*place)->calls == 0 && !world_.time.chance().one_in(8);
}

int performance::send_itself(void* context, ASYNC_SOCKET_HANDLE, const void* data, std::size_t length)
{
    auto& socket = *static_cast<socket_record*>(context);
    if (!socket.performed_by->goes_on_with(socket, data)) {
        return would_block();
    }
    return static_cast<int>(::send(socket.descriptor, data, length, MSG_NOSIGNAL));
}

int performance::receive_itself(void* context, ASYNC_SOCKET_HANDLE, void* data, std::size_t length)
{
    auto& socket = *static_cast<socket_record*>(context);
    if (!socket.performed_by->goes_on_with(socket, data)) {
        return would_block();
    }
    return static_cast<int>(::recv(socket.descriptor, data, length, 0));
}

} // namespace sim
