// SPDX-License-Identifier: MIT
//
// The part of a worker that has to do with connects under way.

#include <initializer_list>

#include "linux/connect/connecting.hpp"
#include "linux/engine/execution_engine.hpp"
#include "linux/engine/worker.hpp"

namespace async_socket::detail {

void worker::deliver(work_item* delivered) noexcept
{
    if (inbox_.push(delivered)) {
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

// SRS_EXECUTION_ENGINE_LINUX_01_018
void worker::kernel_has_failed(int error) noexcept
{
    for (const socket_list<closing_link>* all : {&open_, &closing_}) {
        all->for_each([this, error](ASYNC_SOCKET_HANDLE socket) {
            if (socket->connecting != nullptr) {
                socket->connecting->fail_all(*this, error);
            } else {
                backend_->end_all(socket, error);
            }
        });
    }
}

// What the end of a connect makes of the socket, right before its callback.
ASYNC_STATUS worker::settle_connect(ASYNC_SOCKET_HANDLE socket, ASYNC_STATUS status) noexcept
{
    if (status == ASYNC_STATUS_OK) {
        // SRS_ASYNC_CONNECT_01_005. One that was closed meanwhile disconnects when it is told so.
        return socket->life.complete_connect() ? ASYNC_STATUS_OK : ASYNC_STATUS_CLOSED;
    }
    if (socket->closing) {
        return status;
    }
    // SRS_ASYNC_CONNECT_01_006. From its change of state on the socket may be opened anew, by another thread, too; so
    // it leaves before.
    leave(socket);
    if (socket->life.abandon_connect()) {
        // The callback is counted still, so this is never the one that frees.
        static_cast<void>(socket->life.end_operation());
    } else {
        // A close has begun, of which the inbox will tell: the socket is still to be detached then, after this callback
        // if the inbox is taken inside it.
        socket->attached = true;
        load_.add_socket();
        services_->socket = socket;
    }
    return status;
}

} // namespace async_socket::detail
