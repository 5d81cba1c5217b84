// SPDX-License-Identifier: MIT
//
// The record of one operation of the system's, from the call that starts it to its completion. It belongs to the call
// until the system has taken the operation, and to on_io_complete from then on.

#ifndef ASYNC_SOCKET_WIN32_SOCKET_IO_OPERATION_HPP
#define ASYNC_SOCKET_WIN32_SOCKET_IO_OPERATION_HPP

#include <winsock2.h>

#include <cstdint>
#include <type_traits>

#include "api/platform/operations.hpp"

namespace async_socket::detail {

enum class io_kind : std::uint32_t {
    send,
    receive,
    receive_in_line, // one that has waited for its turn, in a tracked record
    send_ex,
    receive_ex,
    connect,
    accept
};

struct io_operation {
    // First, so that the operation is found from it. SRS_ASYNC_SOCKET_WIN32_01_064
    OVERLAPPED overlapped;

    // One of the two is not nullptr in a send or receive of async_socket.h. SRS_ASYNC_SOCKET_WIN32_01_065,
    // SRS_ASYNC_SOCKET_WIN32_01_071
    ON_ASYNC_SOCKET_SEND_COMPLETE on_send_complete;
    ON_ASYNC_SOCKET_RECEIVE_COMPLETE on_receive_complete;
    void* callback_context;

    io_kind kind;
    std::uint32_t total_length;
    // `buffer_count` of them, in the same allocation. SRS_ASYNC_SOCKET_WIN32_01_050, SRS_ASYNC_SOCKET_WIN32_01_078
    std::uint32_t buffer_count;
    bool is_reusable; // its memory has room for an operation of any kind
    SOCKET_BUFFER* buffers;

    // Makes a record whose buffers point at those of the request, with its context and an event of its own in the
    // OVERLAPPED. nullptr when the system refuses, which it has reported in the name of `function`.
    [[nodiscard]] static io_operation* create(const char* function, ASYNC_SOCKET_HANDLE socket, io_kind kind,
                                              const operation_request& request) noexcept;

    // Closes the event and frees the memory, or lets the socket keep both.
    static void destroy(ASYNC_SOCKET_HANDLE socket, io_operation* operation) noexcept;
    // Of what the socket has kept; when there is no operation any more.
    static void destroy_kept(ASYNC_SOCKET_HANDLE socket) noexcept;
};

static_assert(std::is_standard_layout_v<io_operation>, "the address of the first member is that of the record");
static_assert(sizeof(io_operation) % alignof(SOCKET_BUFFER) == 0, "the buffers follow the record");

} // namespace async_socket::detail

#endif
