// SPDX-License-Identifier: MIT
//
// What an async socket is on Windows.

#ifndef ASYNC_SOCKET_WIN32_SOCKET_SOCKET_HPP
#define ASYNC_SOCKET_WIN32_SOCKET_SOCKET_HPP

#include <winsock2.h>

#include <atomic>
#include <cstdint>

#include "api/platform/socket.hpp"
#include "win32/operation/kept_operations.hpp"
#include "win32/operation/operation_list.hpp"
#include "win32/socket/receive_line.hpp"
#include "win32/transport/socket_transport.hpp"

namespace async_socket::detail {

class connect_operation;
struct shutdown_operation;

// In the number of sends under way.
inline constexpr std::uint32_t sending_side_closed = 0x8000'0000;

} // namespace async_socket::detail

struct ASYNC_SOCKET_TAG : async_socket::detail::socket_core {
    // Written by create.
    PTP_POOL pool = nullptr;
    ASYNC_LISTENER_HANDLE listener = nullptr; // whose part the socket is, if it is one's

    // Written by open while the state is OPENING. Sends and receives read them while they are counted as calls,
    // callbacks while they are counted as operations, close when neither is left: the counts order it all.
    TP_CALLBACK_ENVIRON environment{};
    PTP_IO io = nullptr;

    // Those that can be named. A send or receive of async_socket.h is none of them.
    async_socket::detail::operation_list operations;
    // The connect that is under way, if there is one; under the mutex of `operations`. While it is set, what open
    // writes is the connect's; whoever finds it not set may read that.
    async_socket::detail::connect_operation* connecting = nullptr;

    // Those that the system has and those that wait for it. Its mutex is that of `operations`.
    async_socket::detail::receive_line receives;

    // Sends that have begun and whose system's part has not ended; and whether the sending side is closed. The one who
    // ends the last of them then starts the shutdown. By read-modify-write in acquire-release order, which publishes
    // the shutdown to that one.
    std::atomic<std::uint32_t> sends_under_way{0};
    std::atomic<async_socket::detail::shutdown_operation*> shutdown{nullptr}; // written once; tells that there was one
    // The error of a send that a reset of the connection has ended. Relaxed: the count above orders it.
    std::atomic<DWORD> reset_error{0};

    // Empty after close, which waits for all who use it.
    async_socket::detail::kept_operations kept;
};

namespace async_socket::detail {

// The thread pool's callback for every operation of every socket; `context` is the socket.
void CALLBACK on_io_complete(PTP_CALLBACK_INSTANCE instance, void* context, void* overlapped, ULONG io_result,
                             ULONG_PTR number_of_bytes_transferred, PTP_IO io);

// What accepts need to know of the socket that a listener's transport has. False, and reported, on failure.
[[nodiscard]] bool look_at_listening_socket(const char* function, ASYNC_LISTENER_HANDLE listener,
                                            SOCKET_TRANSPORT_HANDLE transport) noexcept;

// Each send is between these two. False: the sending side is closed, and nothing has begun.
[[nodiscard]] bool begin_send(ASYNC_SOCKET_HANDLE socket) noexcept;
void end_send(ASYNC_SOCKET_HANDLE socket) noexcept;
// Where it ends with this error, before the end.
void note_error_of_send(ASYNC_SOCKET_HANDLE socket, DWORD error) noexcept;

// Ends the delays of a socket that is being closed.
void close_delays(ASYNC_SOCKET_HANDLE socket) noexcept;

// Count an operation that has ended; before its callback.
void count_send(ASYNC_SOCKET_HANDLE socket, bool is_error, std::uint32_t bytes) noexcept;
void count_receive(ASYNC_SOCKET_HANDLE socket, bool is_error, std::uint32_t bytes) noexcept;

// Whether this side has closed the socket, or disconnected its transport.
[[nodiscard]] bool was_ended_by_this_side(ASYNC_SOCKET_HANDLE socket) noexcept;

} // namespace async_socket::detail

#endif
