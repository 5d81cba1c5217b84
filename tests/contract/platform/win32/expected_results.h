// SPDX-License-Identifier: MIT
//
// Where the contract's results differ from platform to platform. CMake picks the table.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_EXPECTED_RESULTS_H
#define ASYNC_SOCKET_TESTS_CONTRACT_EXPECTED_RESULTS_H

#include <winsock2.h>

#include <cstddef>
#include <cstdint>

#include "async_socket/async_socket.h"

namespace contract::expected {

// The calling thread's, of the system's call for sockets that was made last.
inline int last_socket_error()
{
    return WSAGetLastError();
}

// SRS_ASYNC_SOCKET_WIN32_01_067: a send that ends with any error is ERROR, whoever ended it.
inline constexpr ASYNC_SOCKET_SEND_RESULT send_ended_by_own_close = ASYNC_SOCKET_SEND_ERROR;
inline constexpr ASYNC_SOCKET_SEND_RESULT send_ended_by_own_disconnect = ASYNC_SOCKET_SEND_ERROR;
inline constexpr ASYNC_SOCKET_SEND_RESULT send_ended_by_reset = ASYNC_SOCKET_SEND_ERROR;

// SRS_ASYNC_SOCKET_WIN32_04_001, SRS_ASYNC_SOCKET_WIN32_04_002
inline constexpr bool own_transport_is_offered = false;
inline constexpr bool notify_io_is_offered = false;

// Windows has no bound but memory; Wine hands all of them to one system call, which takes no more than this.
inline constexpr std::size_t largest_buffer_count = 1024;

// MSG_PEEK, as socket_transport_receive takes it.
inline constexpr std::uint32_t flag_peek = 2;

// Wine reports a reset to a blocking receive as the end of the stream; Windows reports the error.
inline constexpr bool blocking_receive_may_take_a_reset_for_the_end = true;

// What of a cancelled send has left is not always told: at least what it says.
inline constexpr bool cut_sends_tell_all_that_left = false;

// A handle that a thread pool has been bound to stays bound: async_socket_release may be refused.
inline constexpr bool async_release_is_offered = false;

// Wine ends a connection in order where it is asked for a reset.
inline constexpr bool reset_may_look_like_an_end_in_order = true;

// A pool has several threads, and makes one more for each that waits in a callback.
inline constexpr bool callbacks_of_a_socket_are_serial = false;

// The system's numbers; std::system_category does not know all of them everywhere.
inline constexpr std::int32_t address_in_use = WSAEADDRINUSE;
inline constexpr std::int32_t invalid_argument = WSAEINVAL;

} // namespace contract::expected

#endif
