// SPDX-License-Identifier: MIT
//
// What a socket transport is on Linux, and what the rest of src/linux may do with it besides its public functions.

#ifndef ASYNC_SOCKET_LINUX_SOCKET_TRANSPORT_HPP
#define ASYNC_SOCKET_LINUX_SOCKET_TRANSPORT_HPP

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

#include "async_socket/socket_transport.h"
#include "common/use_gate.hpp"
#include "linux/socket_transport_disconnect_event.hpp"

struct SOCKET_TRANSPORT_TAG {
    SOCKET_TRANSPORT_TAG(SOCKET_TYPE type_of_transport, std::unique_ptr<async_socket::detail::disconnect_event> event)
    noexcept : type(type_of_transport), disconnected(std::move(event))
    {
    }
    SOCKET_TRANSPORT_TAG(SOCKET_TYPE type_of_transport, int connected)
    noexcept : type(type_of_transport), references(2), gate(true), fd(connected)
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
    int fd = -1;

    // Made with the transport, so that a disconnect finds it at any time. One that was connected from the start has
    // none: nobody waits in connect, and the socket itself wakes whoever waits in send and receive.
    const std::unique_ptr<async_socket::detail::disconnect_event> disconnected;

    // Wakes whoever waits in connect or accept, now or later.
    void signal_disconnected() const noexcept
    {
        if (disconnected != nullptr) {
            disconnected->signal();
        }
    }
};

namespace async_socket::detail {

// A client transport over `connected`, which it owns from then on; nullptr, having reported why in the name of
// `function`, when there is no memory.
[[nodiscard]] SOCKET_TRANSPORT_HANDLE make_connected_transport(const char* function, int connected) noexcept;

void transport_add_reference(SOCKET_TRANSPORT_HANDLE transport) noexcept;
// Leaves errno as it was.
void transport_release(SOCKET_TRANSPORT_HANDLE transport) noexcept;

enum class disconnect_mode : std::uint8_t { in_order, reset, leave_connected };

// What socket_transport_disconnect does, in one of several ways.
void transport_disconnect(SOCKET_TRANSPORT_HANDLE transport, disconnect_mode mode) noexcept;

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

    // Closes the socket where the caller is the last user of a disconnected transport; leaves errno as it was. The
    // transport may be gone afterwards.
    static void leave(SOCKET_TRANSPORT_HANDLE transport) noexcept;

private:
    SOCKET_TRANSPORT_HANDLE transport_;
};

// A new TCP socket that never blocks and that child processes do not inherit; -1 and errno on failure.
[[nodiscard]] int make_tcp_socket(int address_family) noexcept;

} // namespace async_socket::detail

#endif
