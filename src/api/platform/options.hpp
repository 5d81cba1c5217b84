// SPDX-License-Identifier: MIT
//
// The options of a transport's socket.

#ifndef ASYNC_SOCKET_API_PLATFORM_OPTIONS_HPP
#define ASYNC_SOCKET_API_PLATFORM_OPTIONS_HPP

#include <cstdint>

#include "async_socket/socket_options.h"

namespace async_socket::detail {

enum class socket_option : std::uint8_t {
    no_delay,
    keep_alive,
    idle_s,
    interval_s,
    count,
    send_buffer,
    receive_buffer
};

// The names of the calls that set them, in the order of socket_option.
inline constexpr const char* set_option_calls[] = {
    "setsockopt(TCP_NODELAY)", "setsockopt(SO_KEEPALIVE)", "setsockopt(TCP_KEEPIDLE)", "setsockopt(TCP_KEEPINTVL)",
    "setsockopt(TCP_KEEPCNT)", "setsockopt(SO_SNDBUF)",    "setsockopt(SO_RCVBUF)",
};

// Of the API, for the platforms: by the options for it, one by one.
[[nodiscard]] bool set_keep_alive_options(const char* function, SOCKET_TRANSPORT_HANDLE transport,
                                          const SOCKET_KEEP_ALIVE& wanted) noexcept;

// What follows is the platform's, for users of the transport's socket. What the system refuses is reported in the name
// of `function`.

[[nodiscard]] bool set_option(const char* function, SOCKET_TRANSPORT_HANDLE transport, socket_option which,
                              std::uint32_t value) noexcept;
[[nodiscard]] bool get_option(const char* function, SOCKET_TRANSPORT_HANDLE transport, socket_option which,
                              std::uint32_t& value) noexcept;
[[nodiscard]] bool set_keep_alive(const char* function, SOCKET_TRANSPORT_HANDLE transport,
                                  const SOCKET_KEEP_ALIVE& wanted) noexcept;

} // namespace async_socket::detail

#endif
