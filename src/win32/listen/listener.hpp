// SPDX-License-Identifier: MIT
//
// What a listener is on Windows: an async socket, whose life, pool object and closing it has, on a transport that
// listens; and its accepts.

#ifndef ASYNC_SOCKET_WIN32_LISTEN_LISTENER_HPP
#define ASYNC_SOCKET_WIN32_LISTEN_LISTENER_HPP

#include <winsock2.h>

#include <mswsock.h>

#include <atomic>

#include "async_socket/async_listener.h"
#include "win32/socket/socket.hpp"
#include "win32/socket/tracked_operation.hpp"

struct ASYNC_LISTENER_TAG {
    ASYNC_SOCKET_TAG socket;
    // Written by open, as what the socket has from it.
    LPFN_ACCEPTEX accept_ex = nullptr;
    int address_family = 0;
    // That the system has nothing left has been reported, and it still has not.
    std::atomic<bool> is_out_of_resources{false};
};

namespace async_socket::detail {

// One accept. Where the system had no resources for it, it waits in the queue of the timers.
struct accept_operation : tracked_operation {
    accept_operation(ASYNC_LISTENER_HANDLE listener, time_point_ns limit, ON_ASYNC_LISTENER_ACCEPT_COMPLETE on_accept,
                     void* context) noexcept;

    // Gives it to the system. 0 or the error. `socket_transport` is where it listens, in use.
    [[nodiscard]] DWORD post(SOCKET_TRANSPORT_HANDLE socket_transport) noexcept;
    // The same, on threads of the pool and at the start: it is tried again where a peer gave up, and waits where the
    // system has no resources. Anything but 0: it has ended so.
    [[nodiscard]] DWORD start_or_wait() noexcept;
    // The system reports its end. Whether it was.
    [[nodiscard]] bool complete(PTP_CALLBACK_INSTANCE instance, DWORD io_result) noexcept;

    ASYNC_LISTENER_HANDLE listener;
    ON_ASYNC_LISTENER_ACCEPT_COMPLETE on_accept;
    // Has the socket that the system is to make a connection of; nullptr while the system has none of it.
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;

private:
    [[nodiscard]] DWORD make_socket() noexcept;
    void drop_socket() noexcept;
    [[nodiscard]] DWORD settle() const noexcept;
    void wait_for_resources() noexcept;
    [[nodiscard]] DWORD try_again() noexcept;
    [[nodiscard]] ASYNC_COMPLETION completion_of(DWORD error) const noexcept;
    void call_back(PTP_CALLBACK_INSTANCE instance, const ASYNC_COMPLETION& completion) noexcept;

    static void cancel_accept(operation_entry& entry) noexcept;
    static timer_step expire_accept(timer_entry& timer) noexcept;
    static void run_accept(timer_entry& timer, PTP_CALLBACK_INSTANCE instance) noexcept;

    // The two addresses, which nobody reads.
    static constexpr DWORD address_room = sizeof(sockaddr_storage) + 16;
    char addresses_[2 * address_room];
};

} // namespace async_socket::detail

#endif
