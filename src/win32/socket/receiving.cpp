// SPDX-License-Identifier: MIT

#include "win32/socket/receiving.hpp"

#include "win32/engine/execution_engine.hpp"
#include "win32/socket/socket.hpp"
#include "win32/socket/tracked_operation.hpp"

namespace async_socket::detail {

DWORD give_receive(ASYNC_SOCKET_HANDLE socket, io_operation* receive) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_109: the operation's, until it has ended.
    transport_use use(socket->transport);
    // SRS_ASYNC_SOCKET_WIN32_01_081
    StartThreadpoolIo(socket->io);
    DWORD error = WSAEINVAL;
    // SRS_ASYNC_SOCKET_WIN32_01_082
    switch (socket_transport_receive(socket->transport, receive->buffers, receive->buffer_count, nullptr, 0,
                                     &receive->overlapped)) {
    case SOCKET_RECEIVE_OK:
    // SRS_ASYNC_SOCKET_WIN32_01_055
    case SOCKET_RECEIVE_WOULD_BLOCK:
        use.keep();
        return 0;
    case SOCKET_RECEIVE_ERROR:
        // SRS_ASYNC_SOCKET_WIN32_01_054, SRS_ASYNC_SOCKET_WIN32_01_055
        error = static_cast<DWORD>(WSAGetLastError());
        if (error == WSA_IO_PENDING) {
            use.keep();
            return 0;
        }
        break;
    default:
        break;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_099, SRS_ASYNC_SOCKET_WIN32_01_105
    CancelThreadpoolIo(socket->io);
    return error != 0 ? error : WSAEINVAL;
}

// It is taken out of the queue of the timers before it is given to the timer: it may only be called for once.
void end_queued_receive(tracked_operation& receive, end_reason why) noexcept
{
    timer_queue& timers = receive.socket->engine->timers;
    timers.remove(receive);
    if (!receive.take_from_queue(why)) {
        return; // its time was over at this moment
    }
    if (receive.is_in_line) {
        receive.socket->receives.remove(receive);
    }
    timers.schedule(receive, 0);
}

// SRS_ASYNC_SOCKET_WIN32_01_111
void serve_receives(ASYNC_SOCKET_HANDLE socket, std::unique_lock<std::mutex>& lock) noexcept
{
    while (tracked_operation* const receive = socket->receives.next()) {
        const ASYNC_OPERATION_ID name = receive->id;
        const bool is_alone = receive->can_end_early;
        // The system reports, and so calls the program's log handler.
        lock.unlock();
        const DWORD error = was_ended_by_this_side(socket) ? WSAENOTCONN : give_receive(socket, receive);
        lock.lock();
        if (error == 0) {
            start_timer_of(socket, name);
            continue;
        }
        static_cast<void>(socket->receives.leave());
        if (is_alone) {
            socket->receives.was_alone();
        }
        receive->refusal = error;
        socket->engine->timers.remove(*receive);
        receive->held_by.store(holder::timer, std::memory_order_release);
        socket->engine->timers.schedule(*receive, 0);
    }
}

void leave_receives(ASYNC_SOCKET_HANDLE socket, bool was_alone) noexcept
{
    if (!socket->receives.leave()) {
        return;
    }
    std::unique_lock lock(socket->operations.mutex);
    if (was_alone) {
        socket->receives.was_alone();
    }
    if (socket->receives.begin_to_serve()) {
        serve_receives(socket, lock);
    }
}

} // namespace async_socket::detail
