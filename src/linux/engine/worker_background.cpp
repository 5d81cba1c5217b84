// SPDX-License-Identifier: MIT
//
// The part of a worker that closes sockets in the background: with nobody who waits, it goes on from step to step by
// itself. A step that waits for other threads (a call that is inside, an open callback) is looked at in every round,
// and the round comes because the worker is listed as waiting.

#include "common/lifecycle/callback_scope.hpp"
#include "linux/engine/worker.hpp"

namespace async_socket::detail {

// SRS_ASYNC_SOCKET_EX_01_040
void worker::close_in_background(background_closing& begun) noexcept
{
    // The thread itself leaves it there, too: whoever calls is in the middle of something.
    if (inbox_.push(&begun)) {
        backend_->wake();
    }
}

// Takes the next steps as far as that goes now.
// SRS_ASYNC_SOCKET_EX_01_041
void worker::go_on_with(background_closing& closing) noexcept
{
    ASYNC_SOCKET_HANDLE const socket = closing.socket;
    if (!closing.has_begun) {
        // SRS_ASYNC_SOCKET_WIN32_01_020
        if (socket->life.has_calls()) {
            settling_.push_back(closing);
            return;
        }
        if (!closing.is_behind_calls) {
            // A call that has left the socket may have left its operation in the inbox, where the close has to come
            // behind it: what a worker is given of a socket that it has left, it would leave twice.
            closing.is_behind_calls = true;
            close_in_background(closing);
            return;
        }
        closing.has_begun = true;
        // After a connect that failed the worker knows nothing of the socket any more.
        if (socket->attached) {
            begin_closing(socket);
            return;
        }
    }
    // One that was attached goes on when it is not any more.
    (socket->life.only_the_close_is_left() ? closed_ : settling_).push_back(closing);
}

void worker::settle() noexcept
{
    if (settling_.empty()) {
        return;
    }
    // Before it looks: see cooperative_wait.cpp.
    if (!settling_wait_) {
        settling_wait_.emplace(*this);
    }
    background_closings looked_at = settling_.take_all();
    while (!looked_at.empty()) {
        go_on_with(looked_at.pop_front());
    }
    if (settling_.empty()) {
        settling_wait_.reset();
    }
}

// Calls the callback of one that has ended. False: there is none.
// SRS_ASYNC_SOCKET_EX_01_041, SRS_ASYNC_SOCKET_EX_01_042
bool worker::call_closed() noexcept
{
    if (closed_.empty()) {
        return false;
    }
    background_closing* const closed = &closed_.pop_front();
    const background_close ended = *closed;
    delete closed;
    program_code_begins();
    {
        const callback_scope scope(ended.socket, nullptr);
        tell_closed(ended);
    }
    if (ended.socket->life.end_operation()) {
        free_socket(ended.socket);
    }
    return true;
}

} // namespace async_socket::detail
