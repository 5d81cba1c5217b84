// SPDX-License-Identifier: MIT
//
// What an async socket is on Linux.

#ifndef ASYNC_SOCKET_LINUX_ASYNC_SOCKET_HPP
#define ASYNC_SOCKET_LINUX_ASYNC_SOCKET_HPP

#include <atomic>
#include <cstdint>

#include "async_socket/async_socket.h"
#include "common/counter.hpp"
#include "common/lifecycle.hpp"
#include "linux/inbox.hpp"
#include "linux/operation.hpp"
#include "linux/socket_links.hpp"
#include "linux/socket_transport.hpp"

namespace async_socket::detail {

class connecting;
struct listening;
class worker;

// Asks the worker of the socket that it is a part of to close it.
struct close_request : work_item {
    close_request() noexcept : work_item(work_kind::close) {}

    // Written by the call that closes, before the worker has it.
    disconnect_mode close_mode = disconnect_mode::in_order;
};

// A send and a receive of the program's own.
struct custom_transport {
    ON_ASYNC_SOCKET_SEND on_send = nullptr;
    void* on_send_context = nullptr;
    ON_ASYNC_SOCKET_RECV on_recv = nullptr;
    void* on_recv_context = nullptr;
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

// One direction of a socket: the operations that wait for their turn, first of all the one whose turn it is.
struct channel {
    operation_queue queue;

    // Whether the first one is with the kernel.
    [[nodiscard]] bool in_flight() const noexcept { return !queue.empty() && queue.front()->in_flight; }
};

} // namespace async_socket::detail

// What a connection takes that waits for its peer is one of these, a SOCKET_TRANSPORT_TAG and an operation.
// SRS_ASYNC_SOCKET_LINUX_01_029
struct ASYNC_SOCKET_TAG : async_socket::detail::ready_link,
                          async_socket::detail::closing_link,
                          async_socket::detail::close_request {
    // Written by the worker when the peer has reset; read by send calls on any thread. Relaxed: a send that does not
    // see it yet finds out by itself.
    std::atomic<bool> broken{false};
    // Set by the call that closes the sending side.
    std::atomic<bool> sending_is_over{false};

    // Written by open before the worker knows the socket, then by the worker's thread only, to the next remark.
    bool attached = false; // counts as one operation, so that the socket is not freed under the worker
    bool closing = false;
    // What the last event or the last attempt has shown (epoll only).
    bool readable = false;
    bool writable = true;
    bool short_is_not_empty = false; // a short receive does not mean that nothing is left
    // What the last receive has shown (io_uring only): it was long and filled, and has left something.
    bool has_more = false;

    // Written by open while the state is OPENING; read by counted calls and by the worker.
    int fd = -1; // the transport's, which is in use, and so not closed, while the socket is attached
    SOCKET_TRANSPORT_HANDLE transport = nullptr; // held by a reference from open until the socket is freed
    std::atomic<async_socket::detail::worker*> worker{nullptr}; // once, by the first open; relaxed: see lifecycle

    async_socket::detail::lifecycle life;

    // Written by create. The engine is held by a reference.
    EXECUTION_ENGINE_HANDLE engine = nullptr;
    async_socket::detail::custom_transport* custom = nullptr; // nullptr: the system's own send and receive
    async_socket::detail::listening* listener = nullptr;      // nullptr: no listener; owned

    // From here on: written by open before the worker knows the socket, then the worker's thread only.
    async_socket::detail::connecting* connecting = nullptr; // while a connect is under way; owned

    async_socket::detail::channel sends;
    async_socket::detail::channel receives;
    async_socket::detail::operation_queue notifications; // in no order among each other
    async_socket::detail::operation_queue ended;         // their callbacks are still to be called

    async_socket::detail::transfer_counters counters; // written by the worker's thread

    // Whether the worker does by itself what its operations are about, when the socket is ready for it.
    [[nodiscard]] bool is_attempted() const noexcept { return custom != nullptr || listener != nullptr; }
};

namespace async_socket::detail {

// For whoever lifecycle says is the last.
void free_socket(ASYNC_SOCKET_HANDLE socket) noexcept;

// What async_socket_close does, in one of several ways. False when the socket is not to be closed.
bool close_socket(ASYNC_SOCKET_HANDLE socket, disconnect_mode mode) noexcept;

// Makes the transport's socket known to a worker, and keeps it from being closed. False, and nothing changed, on
// failure, which is reported in the name of `function`.
[[nodiscard]] bool attach_to_worker(const char* function, ASYNC_SOCKET_HANDLE socket, SOCKET_TRANSPORT_HANDLE transport,
                                    SOCKET_TYPE type) noexcept;

// A new socket of an engine; nullptr, reported in the name of `function`, without an engine or memory.
[[nodiscard]] ASYNC_SOCKET_HANDLE make_socket(const char* function, EXECUTION_ENGINE_HANDLE engine) noexcept;

// Counts a call that is to send. OK, or what the call has to return, with nothing counted, and reported in the name of
// `function`.
[[nodiscard]] ASYNC_SOCKET_SEND_SYNC_RESULT begin_send(const char* function, ASYNC_SOCKET_HANDLE socket) noexcept;

void end_visit(ASYNC_SOCKET_HANDLE socket) noexcept;

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

// Who asks for the end of an operation, and what the program calls the handle.
struct cancel_call {
    const char* function;
    const char* handle;
};

// What async_socket_cancel and async_socket_cancel_and_wait do, for sockets of every kind.
[[nodiscard]] int cancel_operation(const cancel_call& call, ASYNC_SOCKET_HANDLE socket, ASYNC_OPERATION_ID id) noexcept;
[[nodiscard]] int cancel_operation_and_wait(const cancel_call& call, ASYNC_SOCKET_HANDLE socket,
                                            ASYNC_OPERATION_ID id) noexcept;

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
