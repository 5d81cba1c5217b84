// SPDX-License-Identifier: MIT
//
// What a socket transport is on Windows, and what the rest of src/win32 may do with it besides its public functions.

#ifndef ASYNC_SOCKET_WIN32_TRANSPORT_SOCKET_TRANSPORT_HPP
#define ASYNC_SOCKET_WIN32_TRANSPORT_SOCKET_TRANSPORT_HPP

#include <winsock2.h>

#include <atomic>
#include <cstdint>

#include "api/platform/transport.hpp"

struct SOCKET_TRANSPORT_TAG : async_socket::detail::transport_core {
    explicit SOCKET_TRANSPORT_TAG(SOCKET_TYPE type_of_transport) noexcept : transport_core(type_of_transport) {}
    explicit SOCKET_TRANSPORT_TAG(SOCKET connected) noexcept : transport_core(SOCKET_CLIENT, true), socket(connected) {}

    // Written by the thread that sets the connection up, before the gate opens; read only by those who have entered it,
    // and closed by the one of them who is told to.
    SOCKET socket = INVALID_SOCKET;

    // Set by disconnect, to wake whoever waits in connect or accept. Made with the transport, so that a disconnect
    // finds it at any time; nullptr in a transport that is connected from the start and waits for nothing.
    HANDLE disconnected = nullptr;
    // Calls that may block in the system, in socket_transport_send and _receive (unblock.hpp).
    std::atomic<std::uint32_t> blocking_calls{0};
    // Signalled when there may be a connection to accept. As `socket`; nullptr but in a server.
    HANDLE connection_came = nullptr;
};

namespace async_socket::detail {

// A client transport over `connected`, which it owns from then on; nullptr, having reported why in the name of
// `function`, where there is one, when there is no memory.
[[nodiscard]] SOCKET_TRANSPORT_HANDLE make_connected_transport(const char* function, SOCKET connected) noexcept;

// Ends what is pending on the socket; for a user of the transport.
void transport_cancel(SOCKET_TRANSPORT_HANDLE transport) noexcept;

// The same, where the transport has been disconnected; for a user that has just begun an overlapped operation, which
// came too late to be cancelled with the others. Leaves the last error as it was.
void cancel_if_disconnected(SOCKET_TRANSPORT_HANDLE transport) noexcept;

// A new overlapped TCP socket that child processes do not inherit; INVALID_SOCKET and the last error on failure.
[[nodiscard]] SOCKET make_tcp_socket(int address_family) noexcept;

// Makes closing the socket a reset.
void make_close_abortive(SOCKET socket) noexcept;

// Puts a socket that was used with events back into the blocking mode that overlapped operations and synchronous calls
// expect. False, and the last error, on failure.
[[nodiscard]] bool make_blocking(SOCKET socket) noexcept;

} // namespace async_socket::detail

#endif
