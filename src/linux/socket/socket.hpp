// SPDX-License-Identifier: MIT
//
// What an async socket is on Linux.

#ifndef ASYNC_SOCKET_LINUX_SOCKET_SOCKET_HPP
#define ASYNC_SOCKET_LINUX_SOCKET_SOCKET_HPP

#include <atomic>
#include <cstdint>

#include "api/platform/socket.hpp"
#include "linux/operation/inbox.hpp"
#include "linux/operation/operation.hpp"
#include "linux/socket/channel.hpp"
#include "linux/socket/socket_links.hpp"
#include "linux/transport/socket_transport.hpp"

namespace async_socket::detail {

class connecting;
struct listening;
class worker;

// Asks the worker of the socket that it is a part of to close it.
struct close_request : work_item {
    close_request() noexcept : work_item(work_kind::close) {}

    // Written by the call that closes, before the worker has it.
    disconnect_mode close_mode = disconnect_mode::in_order;
    // It closes in the background; written by the call that does so before the worker knows of it. Then the next item
    // of the request, which nobody queues, is the record of that.
    bool closes_in_background = false;
};

// A send and a receive of the program's own, with what it takes to try them again.
struct attempted_transport : custom_transport {
    explicit attempted_transport(const custom_transport& given) noexcept : custom_transport(given) {}

    // The worker's thread only: until what is paused is tried again.
    worker_timer retry{timer_purpose::retry, nullptr};
};

// Asks the socket's worker to end one operation. Made by the thread that asks: on its stack where it waits.
struct cancel_request : work_item {
    cancel_request(ASYNC_SOCKET_HANDLE whose, ASYNC_OPERATION_ID which, end_waiter* who_waits) noexcept
        : work_item(work_kind::cancel), socket(whose), id(which), waiter(who_waits)
    {
    }

    ASYNC_SOCKET_HANDLE socket;
    ASYNC_OPERATION_ID id;
    end_waiter* waiter; // nullptr: nobody waits, and the worker frees the request
};

} // namespace async_socket::detail

// What a connection takes that waits for its peer is one of these, a SOCKET_TRANSPORT_TAG and an operation.
// SRS_ASYNC_SOCKET_LINUX_01_029
// On cache lines of its own, and without a gap: sockets are opened one after the other and given to different workers,
// which would wait for each other's writes to the line that two of them share. SRS_ASYNC_SOCKET_LINUX_01_055
struct alignas(64) ASYNC_SOCKET_TAG : async_socket::detail::ready_link,
                                      async_socket::detail::closing_link,
                                      async_socket::detail::turn_link,
                                      async_socket::detail::close_request,
                                      async_socket::detail::socket_core {
    // Written by the worker with the first error of the connection; read by send calls on any thread. Relaxed: a send
    // that does not see it yet finds out by itself.
    std::atomic<bool> broken{false};
    // Set by the call that closes the sending side.
    std::atomic<bool> sending_is_over{false};

    // Written by open before the worker knows the socket, then by the worker's thread only, to the next remark.
    bool attached = false; // counts as one operation, so that the socket is not freed under the worker
    bool closing = false;
    int first_error = 0;                // of the connection, as any of its operations has met it; 0: none
    bool short_is_not_empty = false;    // a short receive does not mean that nothing is left (epoll only)
    bool has_shut_down_sends = false;   // `sending_is_over`, and the system knows it
    bool notifications_are_due = false; // the kernel has not been told of all that there is to tell of them
    bool is_called_back = false;        // a callback of it is on the stack of the worker

    // Written by open while the state is OPENING; read by counted calls and by the worker.
    int fd = -1; // the transport's, which is in use, and so not closed, while the socket is attached
    // Once, by whoever places the socket, or else by the first open; relaxed: see lifecycle.
    std::atomic<async_socket::detail::worker*> worker{nullptr};

    // Written by create.
    async_socket::detail::attempted_transport* custom = nullptr; // nullptr: the system's own send and receive
    async_socket::detail::listening* listener = nullptr;         // nullptr: no listener; owned

    // From here on: written by open before the worker knows the socket, then the worker's thread only.
    async_socket::detail::connecting* connecting = nullptr; // while a connect is under way; owned

    async_socket::detail::channel sends;
    async_socket::detail::channel receives;
    async_socket::detail::operation_queue notifications; // and delays, in no order among each other
    async_socket::detail::operation_queue ended;         // their callbacks are still to be called

    // Whether the worker does by itself what its operations are about, when the socket is ready for it.
    [[nodiscard]] bool is_attempted() const noexcept { return custom != nullptr || listener != nullptr; }
};

static_assert(sizeof(void*) != 8 || sizeof(ASYNC_SOCKET_TAG) == 256);

namespace async_socket::detail {

// An operation has met an error of the connection. The first one is what every later operation tells.
void note_error(ASYNC_SOCKET_TAG& socket, int error) noexcept;

// A visit of a call that is about what a worker has: it keeps the socket, and with it the worker.
class visit {
public:
    explicit visit(ASYNC_SOCKET_HANDLE socket) noexcept : socket_(socket) { socket_->life.begin_visit(); }
    ~visit() { end_visit(socket_); }
    visit(const visit&) = delete;
    visit& operator=(const visit&) = delete;

private:
    ASYNC_SOCKET_HANDLE socket_;
};

// The direction that the operation belongs to, which is no notification and no delay.
[[nodiscard]] inline channel& channel_of(const operation& queued) noexcept
{
    const bool is_sending = queued.kind == work_kind::send || queued.kind == work_kind::shutdown;
    return is_sending ? queued.socket->sends : queued.socket->receives;
}

[[nodiscard]] constexpr bool is_notification(work_kind kind) noexcept
{
    return kind == work_kind::notify_in || kind == work_kind::notify_out;
}

} // namespace async_socket::detail

#endif
