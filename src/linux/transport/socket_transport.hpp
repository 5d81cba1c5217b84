// SPDX-License-Identifier: MIT
//
// What a socket transport is on Linux, and what the rest of src/linux may do with it besides its public functions.

#ifndef ASYNC_SOCKET_LINUX_TRANSPORT_SOCKET_TRANSPORT_HPP
#define ASYNC_SOCKET_LINUX_TRANSPORT_SOCKET_TRANSPORT_HPP

#include <memory>
#include <utility>

#include "api/platform/transport.hpp"
#include "linux/transport/disconnect_event.hpp"

struct SOCKET_TRANSPORT_TAG : async_socket::detail::transport_core {
    SOCKET_TRANSPORT_TAG(SOCKET_TYPE type_of_transport, std::unique_ptr<async_socket::detail::disconnect_event> event)
    noexcept : transport_core(type_of_transport), disconnected(std::move(event))
    {
    }
    explicit SOCKET_TRANSPORT_TAG(int connected) noexcept : transport_core(SOCKET_CLIENT, true), fd(connected) {}

    // Written by the thread that sets the connection up, before the gate opens; read only by those who have entered it,
    // and closed by the one of them who is told to.
    int fd = -1;

    // Written by the listener that has accepted the connection, before it hands the transport out.
    bool is_handed_out = false;

    // It listened before it was this transport's, so that others may have it, too, such as the service manager. Written
    // by the thread that sets the transport up.
    bool may_be_shared = false;

    // Made with the transport, so that a disconnect finds it at any time. One that was connected from the start has
    // none: nobody waits in connect, and the socket itself wakes whoever waits in send and receive.
    const std::unique_ptr<async_socket::detail::disconnect_event> disconnected;
};

namespace async_socket::detail {

// A client transport over `connected`, which it owns from then on; nullptr, having reported why in the name of
// `function`, when there is no memory.
[[nodiscard]] SOCKET_TRANSPORT_HANDLE make_connected_transport(const char* function, int connected) noexcept;

// A new TCP socket that never blocks and that child processes do not inherit; -1 and errno on failure.
[[nodiscard]] int make_tcp_socket(int address_family) noexcept;

} // namespace async_socket::detail

#endif
