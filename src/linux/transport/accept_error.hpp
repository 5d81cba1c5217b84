// SPDX-License-Identifier: MIT
//
// What the errors of accept mean.

#ifndef ASYNC_SOCKET_LINUX_TRANSPORT_ACCEPT_ERROR_HPP
#define ASYNC_SOCKET_LINUX_TRANSPORT_ACCEPT_ERROR_HPP

#include <cstdint>

namespace async_socket::detail {

// There are no descriptors or there is no memory; worth trying again later.
[[nodiscard]] bool is_shortage(int error) noexcept;

// The connection that was next had failed before it was accepted, which the system tells with the error of that
// connection. It is gone, so this can be so only once for each.
[[nodiscard]] bool peer_gave_up(int error) noexcept;

// How many of these are believed in, one after the other: more than any backlog holds.
inline constexpr std::uint32_t most_failed_in_a_row = 8192;

} // namespace async_socket::detail

#endif
