// SPDX-License-Identifier: MIT
//
// What may be asked of a socket's options, the same on every platform.

#ifndef ASYNC_SOCKET_COMMON_TRANSPORT_OPTION_BOUNDS_HPP
#define ASYNC_SOCKET_COMMON_TRANSPORT_OPTION_BOUNDS_HPP

#include <cstdint>

#include "async_socket/socket_options.h"

namespace async_socket::detail {

// What is refused is reported in the name of `function`.
[[nodiscard]] bool check_keep_alive(const char* function, const SOCKET_KEEP_ALIVE& keep_alive) noexcept;
[[nodiscard]] bool check_buffer_sizes(const char* function, std::uint32_t send_bytes,
                                      std::uint32_t receive_bytes) noexcept;

} // namespace async_socket::detail

#endif
