// SPDX-License-Identifier: MIT
//
// An async socket, or a listener, which is one: what it has on every platform, how it is opened and closed, and what a
// platform does for it.

#ifndef ASYNC_SOCKET_API_PLATFORM_SOCKET_HPP
#define ASYNC_SOCKET_API_PLATFORM_SOCKET_HPP

#include <cstdint>

#include "api/platform/transport.hpp"
#include "async_socket/async_listener.h"
#include "async_socket/async_operation.h"
#include "async_socket/async_socket.h"
#include "common/lifecycle/lifecycle.hpp"
#include "common/operation/counter.hpp"

namespace async_socket::detail {

// A base of a platform's ASYNC_SOCKET_TAG.
struct socket_core {
    lifecycle life;
    // Written by create; held by a reference.
    EXECUTION_ENGINE_HANDLE engine = nullptr;
    // Written by open while the state is OPENING, or by a connect; held by a reference from then on until the socket is
    // freed. Read by counted calls and by whoever has an operation of the socket.
    SOCKET_TRANSPORT_HANDLE transport = nullptr;
    transfer_counters counters;
};

// A send and a receive of the program's own.
struct custom_transport {
    ON_ASYNC_SOCKET_SEND on_send = nullptr;
    void* on_send_context = nullptr;
    ON_ASYNC_SOCKET_RECV on_recv = nullptr;
    void* on_recv_context = nullptr;
};

// A close that nobody waits for. The base of a platform's record of it, which lives until its callback is called.
struct background_close {
    ASYNC_SOCKET_HANDLE socket = nullptr;
    lifecycle::to_close found = lifecycle::close_nothing;
    ON_ASYNC_CLOSED on_closed = nullptr;
    void* context = nullptr;
};

// Of the API, for the platforms.

// The last step of a close in the background, where nothing is left of the socket but that; inside a callback_scope of
// the socket. The callback is still to be ended as an operation.
void tell_closed(const background_close& ended) noexcept;

// A new one gets its engine, with a reference, and its thread.
void give_engine(ASYNC_SOCKET_HANDLE made, EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread) noexcept;
// For whoever lifecycle says is the last.
void free_socket(ASYNC_SOCKET_HANDLE socket) noexcept;
void end_visit(ASYNC_SOCKET_HANDLE socket) noexcept;

// What follows is the platform's. What fails is reported in the name of `function`.

[[nodiscard]] socket_core& core_of(ASYNC_SOCKET_HANDLE socket) noexcept;
[[nodiscard]] ASYNC_SOCKET_HANDLE socket_of(ASYNC_LISTENER_HANDLE listener) noexcept;
[[nodiscard]] ASYNC_LISTENER_HANDLE listener_of(ASYNC_SOCKET_HANDLE socket) noexcept;

// How many operations of its lifecycle an open socket has that are none of the program's.
extern const std::uint32_t standing_operations;

// New ones for the engine. `custom`: nullptr for the system's own send and receive.
[[nodiscard]] ASYNC_SOCKET_HANDLE allocate_socket(const char* function, EXECUTION_ENGINE_HANDLE engine,
                                                  const custom_transport* custom) noexcept;
[[nodiscard]] ASYNC_SOCKET_HANDLE allocate_listener(const char* function, EXECUTION_ENGINE_HANDLE engine) noexcept;
// Where the platform ties sockets to threads: before it is opened; and which it has, or any.
void place(ASYNC_SOCKET_HANDLE socket, std::uint32_t thread) noexcept;
[[nodiscard]] std::uint32_t thread_of(ASYNC_SOCKET_HANDLE socket) noexcept;

void deallocate_socket(ASYNC_SOCKET_HANDLE socket) noexcept;

// Lets the engine serve the socket, whose transport is set and in use. On success the use is the platform's to end.
// Otherwise nothing is changed.
[[nodiscard]] bool attach(const char* function, ASYNC_SOCKET_HANDLE socket) noexcept;

// The steps of a close, between which lifecycle waits. No call is inside the socket any more.
// Ends the connection, or the connect that is under way, and with it all that is pending.
void begin_detaching(ASYNC_SOCKET_HANDLE socket, lifecycle::to_close found, disconnect_mode mode) noexcept;
// Waits until no more than `own` operations are left, the callbacks on the stack of the caller, and those that the wait
// leaves out.
void wait_for_operations(ASYNC_SOCKET_HANDLE socket, std::uint32_t own, callback_wait& wait) noexcept;
// No operation is left but those: the engine forgets the socket.
void detach(ASYNC_SOCKET_HANDLE socket) noexcept;

// A record of a close in the background; nullptr where the system refuses. Then one of the two: the close, which has
// begun, is the platform's, with the steps above; or there is nothing to close.
[[nodiscard]] background_close* make_background_close(const char* function, ASYNC_SOCKET_HANDLE socket) noexcept;
void begin_background_close(background_close* begun) noexcept;
void discard_background_close(background_close* unused) noexcept;

// Another handle of the system's for the socket's connection, which lasts when the first is closed; inside a counted
// call. And what closes such a handle.
[[nodiscard]] bool duplicate_connection(const char* function, ASYNC_SOCKET_HANDLE socket,
                                        SOCKET_HANDLE& duplicate) noexcept;
void close_duplicate(SOCKET_HANDLE duplicate) noexcept;

} // namespace async_socket::detail

#endif
