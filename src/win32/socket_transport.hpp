// SPDX-License-Identifier: MIT
//
// What a socket transport is on Windows, and what the rest of src/win32 may do with it besides its public functions.

#ifndef ASYNC_SOCKET_WIN32_SOCKET_TRANSPORT_HPP
#define ASYNC_SOCKET_WIN32_SOCKET_TRANSPORT_HPP

#include <winsock2.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "async_socket/socket_transport.h"
#include "common/use_gate.hpp"

struct SOCKET_TRANSPORT_TAG {
    explicit SOCKET_TRANSPORT_TAG(SOCKET_TYPE type_of_transport) noexcept : type(type_of_transport) {}
    SOCKET_TRANSPORT_TAG(SOCKET_TYPE type_of_transport, SOCKET connected)
    noexcept : type(type_of_transport), references(2), gate(true), socket(connected)
    {
    }

    const SOCKET_TYPE type;
    // The handle holds one; the open gate, until the last user has left; each async socket that is open on the
    // transport; and each call that is inside without having entered the gate.
    std::atomic<std::uint32_t> references{1};
    async_socket::detail::use_gate gate;
    // Whether an async socket owns the connection. Taken by exchange, given back by the one who took it.
    std::atomic<bool> is_owned{false};

    // Written by the thread that sets the connection up, before the gate opens; read only by those who have entered it,
    // and closed by the one of them who is told to.
    SOCKET socket = INVALID_SOCKET;

    // Set by disconnect, to wake whoever waits in connect or accept. Made with the transport, so that a disconnect
    // finds it at any time; nullptr in a transport that is connected from the start and waits for nothing.
    HANDLE disconnected = nullptr;
    // Signalled when there may be a connection to accept. As `socket`; nullptr but in a server.
    HANDLE connection_came = nullptr;
};

namespace async_socket::detail {

// A transport that is not connected and does not listen; nullptr as below.
[[nodiscard]] SOCKET_TRANSPORT_HANDLE make_unconnected_transport(const char* function, SOCKET_TYPE type) noexcept;

// A client transport over `connected`, which it owns from then on; nullptr, having reported why in the name of
// `function`, where there is one, when there is no memory.
[[nodiscard]] SOCKET_TRANSPORT_HANDLE make_connected_transport(const char* function, SOCKET connected) noexcept;

void transport_add_reference(SOCKET_TRANSPORT_HANDLE transport) noexcept;
void transport_release(SOCKET_TRANSPORT_HANDLE transport) noexcept;

// Keeps the memory of the transport for as long as it lives.
class transport_reference {
public:
    explicit transport_reference(SOCKET_TRANSPORT_HANDLE transport) noexcept : transport_(transport)
    {
        transport_add_reference(transport_);
    }
    ~transport_reference() { transport_release(transport_); }

    transport_reference(const transport_reference&) = delete;
    transport_reference& operator=(const transport_reference&) = delete;

private:
    SOCKET_TRANSPORT_HANDLE transport_;
};

// Ends the set-up of a transport by opening its gate, and gives the gate its reference. False when the transport was
// disconnected meanwhile: the socket is still the caller's.
[[nodiscard]] bool transport_open(SOCKET_TRANSPORT_HANDLE transport) noexcept;

// How a connection ends: as socket_transport_disconnect ends it; with a reset; or not at all, because the socket has
// another handle.
enum class disconnect_mode : std::uint8_t { in_order, reset, leave_connected };

void transport_disconnect(SOCKET_TRANSPORT_HANDLE transport, disconnect_mode mode) noexcept;

// The address as socket_transport_get_local_endpoint tells it; false, reported and with nothing written, where it
// cannot.
[[nodiscard]] bool write_endpoint(const char* function, const sockaddr_storage& address, int length, char* host,
                                  std::size_t size, std::uint16_t* port) noexcept;

// Counts the caller as a user of the transport's socket, for as long as it lives. False while there is none. The memory
// of a transport that is used is not freed.
class transport_use {
public:
    explicit transport_use(SOCKET_TRANSPORT_HANDLE transport) noexcept
        : transport_(transport->gate.enter() ? transport : nullptr)
    {
    }
    ~transport_use()
    {
        if (transport_ != nullptr) {
            leave(transport_);
        }
    }

    transport_use(const transport_use&) = delete;
    transport_use& operator=(const transport_use&) = delete;

    explicit operator bool() const noexcept { return transport_ != nullptr; }

    // The use outlives this object, until somebody calls `leave` for it.
    void keep() noexcept { transport_ = nullptr; }

    // Closes the socket where the caller is the last user of a disconnected transport; keeps the thread's last error.
    // The transport may be gone afterwards.
    static void leave(SOCKET_TRANSPORT_HANDLE transport) noexcept;

private:
    SOCKET_TRANSPORT_HANDLE transport_;
};

// Ends what is pending on the socket; for a user of the transport.
void transport_cancel(SOCKET_TRANSPORT_HANDLE transport) noexcept;

// A new overlapped TCP socket that child processes do not inherit; INVALID_SOCKET and the last error on failure.
[[nodiscard]] SOCKET make_tcp_socket(int address_family) noexcept;

// Makes closing the socket a reset.
void make_close_abortive(SOCKET socket) noexcept;

// Puts a socket that was used with events back into the blocking mode that overlapped operations and synchronous calls
// expect. False, and the last error, on failure.
[[nodiscard]] bool make_blocking(SOCKET socket) noexcept;

} // namespace async_socket::detail

#endif
