// SPDX-License-Identifier: MIT
//
// The part of a worker that closes sockets, and waits inside a callback for the end of that.

#include "common/diagnostics/forked_child.hpp"
#include "common/lifecycle/callback_scope.hpp"
#include "common/lifecycle/callback_wait.hpp"
#include "linux/connect/connecting.hpp"
#include "linux/engine/worker.hpp"
#include "linux/listen/listening.hpp"
#include "linux/transport/socket_transport.hpp"

namespace async_socket::detail {

// SRS_ASYNC_SOCKET_LINUX_01_025
void worker::begin_closing(ASYNC_SOCKET_HANDLE socket) noexcept
{
    socket->closing = true;
    socket->closing_link::unlink();
    closing_.push_back(socket);
    // One that is to be released stays connected, and is disconnected from the transport only, at the end.
    if (socket->transport != nullptr && socket->close_mode != disconnect_mode::leave_connected) {
        // The pending accepts are ended below, so that others can go on listening. SRS_LISTEN_OPTIONS_01_008
        transport_disconnect(socket->transport,
                             socket->transport->may_be_shared ? disconnect_mode::leave_connected : socket->close_mode);
    }
    if (socket->listener != nullptr) {
        stop_timer(socket->listener->retry);
    }
    if (socket->custom != nullptr) {
        stop_timer(socket->custom->retry);
    }
    // SRS_ASYNC_CONNECT_01_011
    if (socket->connecting != nullptr) {
        socket->connecting->give_up(*this);
    }
    backend_->close(socket);
    // Even one with nothing to end has to be detached.
    socket->ready_link::unlink();
    make_ready(socket);
    // One that the program's own send or receive works for while it waits in here, perhaps for who closes on another
    // thread. SRS_ASYNC_SOCKET_LINUX_01_036
    backend_->give_up_attempted(socket);
}

bool worker::can_detach(const ASYNC_SOCKET_TAG& socket) noexcept
{
    return socket.closing && socket.connecting == nullptr && socket.sends.queue.empty() &&
           socket.receives.queue.empty() && socket.notifications.empty() && socket.ended.empty();
}

// The one step by which a socket stops being this worker's. It is not freed by it, for it still counts as attached.
void worker::leave(ASYNC_SOCKET_HANDLE socket) noexcept
{
    socket->ready_link::unlink();
    socket->closing_link::unlink();
    socket->turn_link::unlink();
    socket->attached = false;
    load_.remove_socket();
    if (!socket->is_called_back) {
        return;
    }
    for (service* each = services_; each != nullptr; each = each->outer) {
        if (each->socket == socket) {
            each->socket = nullptr;
        }
    }
}

void worker::detach_if_done(ASYNC_SOCKET_HANDLE socket) noexcept
{
    if (!can_detach(*socket)) {
        return;
    }
    leave(socket);
    if (socket->transport != nullptr) {
        backend_->detach(socket);
        // SRS_ASYNC_SOCKET_EX_01_020
        if (socket->close_mode == disconnect_mode::leave_connected) {
            transport_disconnect(socket->transport, disconnect_mode::leave_connected);
        }
        // SRS_ASYNC_SOCKET_LINUX_01_027: from here on the descriptor may be closed.
        transport_use::leave(socket->transport);
    }
    background_closing* const background = socket->closes_in_background ? &background_closing_of(socket) : nullptr;
    if (socket->life.end_operation()) {
        free_socket(socket);
    } else if (background != nullptr) {
        go_on_with(*background);
    }
}

// Whether it is one of this worker's that are being closed; any socket.
bool worker::is_closing_here(const ASYNC_SOCKET_TAG& socket) const noexcept
{
    return socket.worker.load(std::memory_order_relaxed) == this && socket.attached && socket.closing;
}

bool worker::has_work(const ASYNC_SOCKET_TAG& socket) noexcept
{
    return !socket.ended.empty() || can_detach(socket);
}

// The one that is waited for, which may be served on top of its own callbacks.
ASYNC_SOCKET_HANDLE worker::awaited_with_work(const lifecycle& awaited) const noexcept
{
    const callback_wait* const wait = callback_wait::innermost();
    ASYNC_SOCKET_HANDLE const socket = wait != nullptr ? wait->awaited() : nullptr;
    const bool is_it = socket != nullptr && &socket->life == &awaited;
    return is_it && is_closing_here(*socket) && has_work(*socket) ? socket : nullptr;
}

// The next one that may be served now. One whose callback is on the stack of this thread is seen to when that returns,
// or in the next round where it has left this worker and come back since that callback began.
// SRS_ASYNC_SOCKET_GUARANTEE_01_021: it looks at none of the others.
ASYNC_SOCKET_HANDLE worker::take_closing() noexcept
{
    for (;;) {
        socket_list<ready_link>& list = closing_ready_.empty() ? closing_later_ : closing_ready_;
        if (list.empty()) {
            return nullptr;
        }
        ASYNC_SOCKET_HANDLE const socket = list.front();
        socket->ready_link::unlink();
        if (!socket->is_called_back) {
            return socket;
        }
        closing_held_.push_back(socket);
    }
}

// One whose callback on the stack of this thread does not return because of a ring.
ASYNC_SOCKET_HANDLE worker::left_out_with_work() const noexcept
{
    const callback_wait* const wait = callback_wait::innermost();
    if (wait == nullptr || !wait->is_in_ring()) {
        return nullptr;
    }
    for (const callback_scope* each = callback_scope::innermost(); each != nullptr; each = each->outer()) {
        ASYNC_SOCKET_HANDLE const socket = each->socket();
        if (is_closing_here(*socket) && has_work(*socket) && callback_wait::leaves_out_here(socket)) {
            return socket;
        }
    }
    return nullptr;
}

// Calls the callbacks of one socket that is being closed, if there is one that may be served now. They lie on top of
// what waits: SRS_ASYNC_SOCKET_LINUX_01_051. SRS_ASYNC_SOCKET_LINUX_01_026
bool worker::serve_closing(const lifecycle& awaited) noexcept
{
    if (call_closed()) {
        return true;
    }
    ASYNC_SOCKET_HANDLE socket = awaited_with_work(awaited);
    if (socket == nullptr) {
        socket = take_closing();
    }
    if (socket == nullptr) {
        socket = left_out_with_work();
    }
    if (socket == nullptr) {
        return false;
    }
    call_ended(socket);
    return true;
}

void worker::work_at_hand(const condition& done, const lifecycle& awaited) noexcept
{
    bool has_worked = true;
    while (has_worked && !done.holds() && !in_forked_child()) {
        take_inbox();
        has_worked = serve_closing(awaited);
    }
}

void worker::work_until(const condition& done, const lifecycle& awaited) noexcept
{
    while (!done.holds() && !in_forked_child()) {
        take_inbox();
        if (!serve_closing(awaited) && !done.holds() && !done.is_to_be_looked_at_again()) {
            go_on(true);
        }
    }
}

} // namespace async_socket::detail
