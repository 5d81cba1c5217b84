// SPDX-License-Identifier: MIT
//
// What an async socket is on Linux.

#ifndef ASYNC_SOCKET_LINUX_ASYNC_SOCKET_HPP
#define ASYNC_SOCKET_LINUX_ASYNC_SOCKET_HPP

#include <atomic>
#include <cstdint>

#include "async_socket/async_socket.h"
#include "common/lifecycle.hpp"
#include "linux/inbox.hpp"
#include "linux/operation.hpp"
#include "linux/socket_links.hpp"

namespace async_socket::detail {

class worker;

// Asks the socket's worker to close it.
struct close_request : work_item {
    explicit close_request(ASYNC_SOCKET_HANDLE requested) noexcept : work_item(work_kind::close), socket(requested) {}

    ASYNC_SOCKET_HANDLE socket;
};

// A send and a receive of the program's own.
struct custom_transport {
    ON_ASYNC_SOCKET_SEND on_send = nullptr;
    void* on_send_context = nullptr;
    ON_ASYNC_SOCKET_RECV on_recv = nullptr;
    void* on_recv_context = nullptr;
};

// One direction of a socket: the operations that wait for their turn, first of all the one whose turn it is.
struct channel {
    operation_queue queue;
    bool in_flight = false; // the first one is with the kernel
};

} // namespace async_socket::detail

struct ASYNC_SOCKET_TAG {
    ASYNC_SOCKET_TAG() noexcept : ready_link(this), closing_link(this), close(this) {}

    async_socket::detail::lifecycle life;

    // Written by create. The engine is held by a reference.
    EXECUTION_ENGINE_HANDLE engine = nullptr;
    async_socket::detail::custom_transport* custom = nullptr; // nullptr: the system's own send and receive

    // Written by open while the state is OPENING; read by counted calls and by the worker.
    SOCKET_TRANSPORT_HANDLE transport = nullptr; // held by a reference from open until the socket is freed
    async_socket::detail::worker* worker = nullptr;
    int fd = -1; // the transport's, which is in use, and so not closed, while the socket is attached

    // Written by the worker when the peer has reset; read by send calls on any thread. Relaxed: a send that does not
    // see it yet finds out by itself.
    std::atomic<bool> broken{false};

    // From here on: written by open before the worker knows the socket, then the worker's thread only.
    bool attached = false; // counts as one operation, so that the socket is not freed under the worker
    bool closing = false;

    // What the last event or the last attempt has shown (epoll only).
    bool readable = false;
    bool writable = true;
    bool short_is_not_empty = false; // a short receive does not mean that nothing is left

    async_socket::detail::channel sends;
    async_socket::detail::channel receives;
    async_socket::detail::operation_queue notifications; // in no order among each other
    async_socket::detail::operation_queue ended;         // their callbacks are still to be called

    async_socket::detail::socket_link ready_link;   // in the worker's list of those with callbacks to be called
    async_socket::detail::socket_link closing_link; // in the worker's list of those that are being closed

    async_socket::detail::close_request close;
};

namespace async_socket::detail {

// For whoever lifecycle says is the last.
void free_socket(ASYNC_SOCKET_HANDLE socket) noexcept;

} // namespace async_socket::detail

#endif
