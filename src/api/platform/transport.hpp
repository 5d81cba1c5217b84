// SPDX-License-Identifier: MIT
//
// A socket transport: what it has on every platform, how it is held and used, and what a platform does for it.

#ifndef ASYNC_SOCKET_API_PLATFORM_TRANSPORT_HPP
#define ASYNC_SOCKET_API_PLATFORM_TRANSPORT_HPP

#include <atomic>
#include <cstdint>

#include "async_socket/listen_options.h"
#include "async_socket/socket_transport.h"
#include "common/time/deadline.hpp"
#include "common/transport/use_gate.hpp"

namespace async_socket::detail {

// Whether an async socket or a listener has the connection, or the program has taken the socket away; and whether the
// handle has been given back. In one word, so that of an open that fails and a destroy at the same time exactly one
// disconnects. Acquire-release.
class transport_owner {
public:
    // False: somebody has it.
    [[nodiscard]] bool take() noexcept { return (flags_.fetch_or(taken, std::memory_order_acq_rel) & taken) == 0; }
    // After a failure, by the one who took it. False: the handle is gone, and the caller is the one to disconnect.
    [[nodiscard]] bool give_back() noexcept
    {
        return (flags_.fetch_and(~taken, std::memory_order_acq_rel) & handle_gone) == 0;
    }
    // By destroy. True: nobody has the connection, and the caller is the one to disconnect.
    [[nodiscard]] bool give_handle_back() noexcept
    {
        return (flags_.fetch_or(handle_gone, std::memory_order_acq_rel) & taken) == 0;
    }
    // By whoever disconnects: who has come to use the socket took it before, and is seen here.
    [[nodiscard]] bool is_taken() const noexcept { return (flags_.load(std::memory_order_acquire) & taken) != 0; }

private:
    static constexpr std::uint32_t taken = 1;
    static constexpr std::uint32_t handle_gone = 2;

    std::atomic<std::uint32_t> flags_{0};
};

// The base of a platform's SOCKET_TRANSPORT_TAG.
struct transport_core {
    explicit transport_core(SOCKET_TYPE type_of_transport, bool is_connected = false) noexcept
        : type(type_of_transport), references(is_connected ? 2 : 1), gate(is_connected)
    {
    }

    const SOCKET_TYPE type;
    // The handle holds one; the open gate, until the last user has left; each async socket that is open on the
    // transport; and each call that is inside without having entered the gate.
    std::atomic<std::uint32_t> references;
    use_gate gate;
    transport_owner owner;
};

// How a connection ends: as socket_transport_disconnect ends it; with a reset; or not at all, because the socket has
// another handle.
enum class disconnect_mode : std::uint8_t { in_order, reset, leave_connected };

// The numbers that socket_transport_get_local_endpoint tells.
struct numeric_endpoint {
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE] = "";
    std::uint16_t port = 0;
};

// Where and how to listen.
struct listen_request {
    const char* address = nullptr; // nullptr: every address of the machine
    std::uint16_t port = 0;
    SOCKET_LISTEN_OPTIONS options{};
};

// Of the API, for the platforms.

void transport_add_reference(SOCKET_TRANSPORT_HANDLE transport) noexcept;
// Leaves the error of the thread's last system call as it was.
void transport_release(SOCKET_TRANSPORT_HANDLE transport) noexcept;

// What socket_transport_disconnect does, in one of several ways.
void transport_disconnect(SOCKET_TRANSPORT_HANDLE transport, disconnect_mode mode) noexcept;

// Ends the set-up of a transport by opening its gate, and gives the gate its reference. False when the transport was
// disconnected meanwhile: the socket is still the caller's.
[[nodiscard]] bool transport_open(SOCKET_TRANSPORT_HANDLE transport) noexcept;

// Parts a transport that nobody owns or uses with its socket, which goes to `released`, where that is not nullptr, for
// somebody who has not had it; false, reported in the name of `function`, and nothing is changed.
[[nodiscard]] bool transport_release_socket(const char* function, SOCKET_TRANSPORT_HANDLE transport,
                                            SOCKET_HANDLE* released) noexcept;

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

// Counts the caller as a user of the transport's socket, for as long as it lives. False while there is none. The memory
// of a transport that is used is not freed.
class transport_use {
public:
    explicit transport_use(SOCKET_TRANSPORT_HANDLE transport) noexcept;
    // Also of one that is disconnected, as long as others are still using it; for a caller who knows its memory to be
    // there.
    [[nodiscard]] static transport_use beside_others(SOCKET_TRANSPORT_HANDLE transport) noexcept;
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

    // Closes the socket where the caller is the last user of a disconnected transport; leaves the error of the thread's
    // last system call as it was. The transport may be gone afterwards.
    static void leave(SOCKET_TRANSPORT_HANDLE transport) noexcept;

private:
    struct is_counted {};
    transport_use(SOCKET_TRANSPORT_HANDLE transport, is_counted) noexcept : transport_(transport) {}

    SOCKET_TRANSPORT_HANDLE transport_;
};

// What follows is the platform's. What fails is reported in the name of `function`, or of the public function that it
// is the work of.

[[nodiscard]] transport_core& core_of(SOCKET_TRANSPORT_HANDLE transport) noexcept;

// Whether a send or receive may be an overlapped operation of the system's.
extern const bool has_overlapped_transfers;
// What socket_transport_get_underlying_socket answers where there is none.
extern const SOCKET_HANDLE no_socket;

// A transport that is not connected and does not listen.
[[nodiscard]] SOCKET_TRANSPORT_HANDLE make_unconnected_transport(const char* function, SOCKET_TYPE type) noexcept;
// A connected one; nullptr, and the socket still the caller's and as it was, where it is none to adopt.
[[nodiscard]] SOCKET_TRANSPORT_HANDLE adopt_socket(const char* function, SOCKET_HANDLE socket) noexcept;
// Frees it, its socket being closed or another's. Leaves the error of the thread's last system call as it was.
void dispose_transport(SOCKET_TRANSPORT_HANDLE transport) noexcept;

// Set the transport's socket up; before its gate is open, and without waiting once it is closed. False: there is none.
[[nodiscard]] bool connect_to(SOCKET_TRANSPORT_HANDLE transport, const char* hostname, std::uint16_t port,
                              const deadline& limit) noexcept;
// `system_error` receives the error of the call that fails.
[[nodiscard]] bool listen_at(const char* function, SOCKET_TRANSPORT_HANDLE transport, const listen_request& request,
                             std::int32_t& system_error) noexcept;
// The same with a socket that listens already; false: it is still the caller's and as it was.
[[nodiscard]] bool adopt_listening(const char* function, SOCKET_TRANSPORT_HANDLE transport,
                                   SOCKET_HANDLE socket) noexcept;
// Closes a socket that was set up and that nobody has used.
void discard_socket(SOCKET_TRANSPORT_HANDLE transport) noexcept;

// Wakes whoever waits in connect or accept, now or later.
void signal_disconnected(SOCKET_TRANSPORT_HANDLE transport) noexcept;

// The rest is for users of the transport's socket.

// Ends what waits on the socket, so that no more can begin, and the connection in the way that is asked for.
void end_connection(SOCKET_TRANSPORT_HANDLE transport, disconnect_mode mode) noexcept;
// Closes it; for the last user. Leaves the error of the thread's last system call as it was.
void close_system_socket(SOCKET_TRANSPORT_HANDLE transport) noexcept;

// The system's socket, while it is the transport's, and when it is to be so no longer.
[[nodiscard]] SOCKET_HANDLE socket_of(SOCKET_TRANSPORT_HANDLE transport) noexcept;
[[nodiscard]] SOCKET_HANDLE give_socket_up(const char* function, SOCKET_TRANSPORT_HANDLE transport) noexcept;

[[nodiscard]] SOCKET_ACCEPT_RESULT accept_within(SOCKET_TRANSPORT_HANDLE server, const deadline& limit,
                                                 SOCKET_TRANSPORT_HANDLE& accepted) noexcept;

[[nodiscard]] SOCKET_SEND_RESULT send_on(SOCKET_TRANSPORT_HANDLE transport, const SOCKET_BUFFER* payload,
                                         std::uint32_t buffer_count, std::uint32_t* bytes_sent, std::uint32_t flags,
                                         void* data) noexcept;
[[nodiscard]] SOCKET_RECEIVE_RESULT receive_on(SOCKET_TRANSPORT_HANDLE transport, SOCKET_BUFFER* payload,
                                               std::uint32_t buffer_count, std::uint32_t* bytes_received,
                                               std::uint32_t flags, void* data) noexcept;
// For a send or receive that has made no system call which could have said so.
void set_error_not_connected() noexcept;

[[nodiscard]] bool local_endpoint(const char* function, SOCKET_TRANSPORT_HANDLE transport,
                                  numeric_endpoint& endpoint) noexcept;
[[nodiscard]] bool peer_endpoint(const char* function, SOCKET_TRANSPORT_HANDLE transport,
                                 numeric_endpoint& endpoint) noexcept;

} // namespace async_socket::detail

#endif
