// SPDX-License-Identifier: MIT
//
// The part of a worker that has to do with connects under way.

#include "linux/connecting.hpp"
#include "linux/execution_engine.hpp"
#include "linux/worker.hpp"

namespace async_socket::detail {

void worker::deliver(resolution* answer) noexcept
{
    if (inbox_.push(answer)) {
        backend_->wake();
    }
}

void worker::take_resolution(resolution* answer) noexcept
{
    if (answer->whose != nullptr) {
        answer->whose->take(*this, *answer);
    }
    delete answer;
    execution_engine_dec_ref(engine_);
}

void worker::watch_ended(fd_watch& ended) noexcept
{
    ended.owner->attempt_ended(*this, ended);
}

// What the end of a connect makes of the socket, right before its callback. `gave_up`: the socket is not this worker's
// any more.
ASYNC_STATUS worker::settle_connect(ASYNC_SOCKET_HANDLE socket, ASYNC_STATUS status, bool& gave_up) noexcept
{
    if (status == ASYNC_STATUS_OK) {
        // SRS_ASYNC_CONNECT_01_005. One that was closed meanwhile disconnects when it is told so.
        return socket->life.complete_connect() ? ASYNC_STATUS_OK : ASYNC_STATUS_CLOSED;
    }
    // SRS_ASYNC_CONNECT_01_006. From its change of state on the socket may be opened anew, by another thread, too.
    socket->ready_link::unlink();
    socket->attached = false;
    if (socket->life.abandon_connect()) {
        gave_up = true;
        socket_count_.add(UINT64_MAX);
        // The callback is counted still, so this is never the one that frees.
        static_cast<void>(socket->life.end_operation());
    } else {
        // It is being closed, and has to be detached.
        socket->attached = true;
        ready_.push_back(socket);
    }
    return status;
}

} // namespace async_socket::detail
