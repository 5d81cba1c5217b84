// SPDX-License-Identifier: MIT
//
// What an async socket is on Windows.

#ifndef ASYNC_SOCKET_WIN32_ASYNC_SOCKET_HPP
#define ASYNC_SOCKET_WIN32_ASYNC_SOCKET_HPP

#include <winsock2.h>

#include <atomic>
#include <cstdint>

#include "async_socket/async_listener.h"
#include "async_socket/async_socket.h"
#include "common/counter.hpp"
#include "common/lifecycle.hpp"
#include "win32/kept_operations.hpp"
#include "win32/operation_list.hpp"
#include "win32/socket_transport.hpp"

namespace async_socket::detail {

class connect_operation;
struct shutdown_operation;

// In the number of sends under way.
inline constexpr std::uint32_t sending_side_closed = 0x8000'0000;

} // namespace async_socket::detail

struct ASYNC_SOCKET_TAG {
    async_socket::detail::lifecycle life;

    // Written by create; the engine is held by a reference.
    EXECUTION_ENGINE_HANDLE engine = nullptr;
    PTP_POOL pool = nullptr;
    ASYNC_LISTENER_HANDLE listener = nullptr; // whose part the socket is, if it is one's

    // Written by open while the state is OPENING. Sends and receives read them while they are counted as calls,
    // callbacks while they are counted as operations, close when neither is left: the counts order it all.
    SOCKET_TRANSPORT_HANDLE transport = nullptr; // held by a reference from open until the socket is freed
    TP_CALLBACK_ENVIRON environment{};
    PTP_IO io = nullptr;

    // Those that can be named. A send or receive of async_socket.h is none of them.
    async_socket::detail::operation_list operations;
    // The connect that is under way, if there is one; under the mutex of `operations`. While it is set, what open
    // writes is the connect's; whoever finds it not set may read that.
    async_socket::detail::connect_operation* connecting = nullptr;

    // Sends that have begun and whose system's part has not ended; and whether the sending side is closed. The one who
    // ends the last of them then starts the shutdown. By read-modify-write in acquire-release order, which publishes
    // the shutdown to that one.
    std::atomic<std::uint32_t> sends_under_way{0};
    std::atomic<async_socket::detail::shutdown_operation*> shutdown{nullptr}; // written once; tells that there was one
    // The error of a send that a reset of the connection has ended. Relaxed: the count above orders it.
    std::atomic<DWORD> reset_error{0};

    // Empty after close, which waits for all who use it.
    async_socket::detail::kept_operations kept;

    async_socket::detail::transfer_counters counters;
};

namespace async_socket::detail {

// The thread pool's callback for every operation of every socket; `context` is the socket.
void CALLBACK on_io_complete(PTP_CALLBACK_INSTANCE instance, void* context, void* overlapped, ULONG io_result,
                             ULONG_PTR number_of_bytes_transferred, PTP_IO io);

// What making a socket and opening one on a transport have in common with listeners. The first takes the reference to
// the engine. The second binds the transport's socket to the engine's pool; false, reported, and nothing changed, on
// failure.
void attach_to_engine(ASYNC_SOCKET_HANDLE socket, EXECUTION_ENGINE_HANDLE engine) noexcept;
[[nodiscard]] bool bind_to_pool(const char* function, ASYNC_SOCKET_HANDLE socket, SOCKET_TRANSPORT_HANDLE transport,
                                SOCKET_TYPE type) noexcept;

// Each send is between these two. False: the sending side is closed, and nothing has begun.
[[nodiscard]] bool begin_send(ASYNC_SOCKET_HANDLE socket) noexcept;
void end_send(ASYNC_SOCKET_HANDLE socket) noexcept;
// Where it ends with this error, before the end.
void note_error_of_send(ASYNC_SOCKET_HANDLE socket, DWORD error) noexcept;

// Closes the socket as async_socket_close does, and the connection as the mode says. False: there is nothing to close,
// or somebody else closes it.
bool close_socket(ASYNC_SOCKET_HANDLE socket, disconnect_mode mode) noexcept;

// Count an operation that has ended; before its callback.
void count_send(ASYNC_SOCKET_HANDLE socket, bool is_error, std::uint32_t bytes) noexcept;
void count_receive(ASYNC_SOCKET_HANDLE socket, bool is_error, std::uint32_t bytes) noexcept;

// Whether this side has closed the socket, or disconnected its transport.
[[nodiscard]] bool was_ended_by_this_side(ASYNC_SOCKET_HANDLE socket) noexcept;

// Cancelling, for sockets and what is built on them. `handle_name` names the argument in the messages.
int cancel_operation(const char* function, const char* handle_name, ASYNC_SOCKET_HANDLE socket,
                     ASYNC_OPERATION_ID id) noexcept;
int cancel_operation_and_wait(const char* function, const char* handle_name, ASYNC_SOCKET_HANDLE socket,
                              ASYNC_OPERATION_ID id) noexcept;

// For whoever lifecycle says is the last.
void free_socket(ASYNC_SOCKET_HANDLE socket) noexcept;

} // namespace async_socket::detail

#endif
