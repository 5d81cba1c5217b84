// SPDX-License-Identifier: MIT
//
// The part of a worker that has to do with listeners that are short of something.

#include "linux/listening.hpp"
#include "linux/worker.hpp"

namespace async_socket::detail {

// SRS_ASYNC_LISTENER_01_013
void worker::pause(ASYNC_SOCKET_HANDLE listener) noexcept
{
    worker_timer& retry = listener->listener->retry;
    if (!timer_heap::is_queued(retry)) {
        retry.due = now_ns() + listening::pause;
        start_timer(retry);
    }
}

void worker::go_on_accepting(ASYNC_SOCKET_HANDLE listener) noexcept
{
    channel& accepts = listener->receives;
    if (!accepts.queue.empty() && !accepts.in_flight()) {
        listener->readable = true;
        backend_->start(listener, accepts);
    }
}

} // namespace async_socket::detail
