// SPDX-License-Identifier: MIT
//
// Where the contract's results differ from platform to platform. CMake picks the table.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_EXPECTED_RESULTS_H
#define ASYNC_SOCKET_TESTS_CONTRACT_EXPECTED_RESULTS_H

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "async_socket/async_socket.h"

namespace contract::expected {

// The calling thread's, of the system's call for sockets that was made last.
inline int last_socket_error()
{
    return errno;
}

inline constexpr ASYNC_SOCKET_SEND_RESULT send_ended_by_own_close = ASYNC_SOCKET_SEND_ABANDONED;
inline constexpr ASYNC_SOCKET_SEND_RESULT send_ended_by_own_disconnect = ASYNC_SOCKET_SEND_ABANDONED;
inline constexpr ASYNC_SOCKET_SEND_RESULT send_ended_by_reset = ASYNC_SOCKET_SEND_ABANDONED;

inline constexpr bool own_transport_is_offered = true;
inline constexpr bool notify_io_is_offered = true;

// One system call takes 1024: the library goes on where it ended.
inline constexpr std::size_t largest_buffer_count = 3000;

// MSG_PEEK, as socket_transport_receive takes it.
inline constexpr std::uint32_t flag_peek = 2;

inline constexpr bool blocking_receive_may_take_a_reset_for_the_end = false;

// What has left when a send is cut short is known to the byte.
inline constexpr bool cut_sends_tell_all_that_left = true;

// async_socket_release, and another async socket on what it released.
inline constexpr bool async_release_is_offered = true;

inline constexpr bool reset_may_look_like_an_end_in_order = false;

// A socket belongs to one worker.
inline constexpr bool callbacks_of_a_socket_are_serial = true;

// The system's numbers; std::system_category does not know all of them everywhere.
inline constexpr std::int32_t address_in_use = EADDRINUSE;
inline constexpr std::int32_t invalid_argument = EINVAL;

} // namespace contract::expected

#endif
