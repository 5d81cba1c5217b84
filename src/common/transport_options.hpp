// SPDX-License-Identifier: MIT
//
// The options of a transport's socket: what is the same on every platform. `platform` is what is not:
//
//   class use                                                          counts the caller, for as long as it lives, as a
//                                                                      user of the socket; false: there is none
//   static bool is_connected(transport)                                and does not listen
//   static bool set(function, transport, socket_option, value)         these three report what the system refuses
//   static bool get(function, transport, socket_option, value&)
//   static bool set_keep_alive(function, transport, SOCKET_KEEP_ALIVE)

#ifndef ASYNC_SOCKET_COMMON_TRANSPORT_OPTIONS_HPP
#define ASYNC_SOCKET_COMMON_TRANSPORT_OPTIONS_HPP

#include <cstddef>
#include <cstdint>

#include "async_socket/socket_options.h"
#include "common/log.hpp"
#include "common/socket_option_bounds.hpp"

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
inline constexpr std::size_t socket_option_count = 7;

template <typename platform>
struct transport_options {
    // Calls `change()` while the socket of a connected transport, or of a listening one where that may be, is in use.
    template <typename change_function>
    static int with_socket(const char* function, SOCKET_TRANSPORT_HANDLE transport, bool may_listen,
                           change_function change) noexcept
    {
        if (transport == nullptr) {
            log_refused(function, "socket_transport", "is NULL");
            return 1;
        }
        const typename platform::use use(transport);
        if (!use || !(may_listen || platform::is_connected(transport))) {
            log_refused(function, "socket_transport",
                        may_listen ? "is neither connected nor listening" : "is not connected");
            return 1;
        }
        return change() ? 0 : 1;
    }

    // SRS_SOCKET_OPTIONS_01_001
    static int set_no_delay(const char* function, SOCKET_TRANSPORT_HANDLE transport, bool no_delay) noexcept
    {
        return with_socket(function, transport, false, [=] {
            return platform::set(function, transport, socket_option::no_delay, no_delay ? 1 : 0);
        });
    }

    // SRS_SOCKET_OPTIONS_01_002
    static int set_keep_alive(const char* function, SOCKET_TRANSPORT_HANDLE transport,
                              const SOCKET_KEEP_ALIVE* keep_alive) noexcept
    {
        // SRS_SOCKET_OPTIONS_01_003
        if (keep_alive != nullptr && !check_keep_alive(function, *keep_alive)) {
            return 1;
        }
        return with_socket(function, transport, false, [=] {
            return keep_alive == nullptr ? platform::set(function, transport, socket_option::keep_alive, 0)
                                         : platform::set_keep_alive(function, transport, *keep_alive);
        });
    }

    // By the options for it, one by one.
    static bool set_keep_alive_options(const char* function, SOCKET_TRANSPORT_HANDLE transport,
                                       const SOCKET_KEEP_ALIVE& wanted) noexcept
    {
        // It is turned on last: what goes before changes nothing by itself.
        return platform::set(function, transport, socket_option::idle_s, wanted.idle_s) &&
               platform::set(function, transport, socket_option::interval_s, wanted.interval_s) &&
               platform::set(function, transport, socket_option::count, wanted.count) &&
               platform::set(function, transport, socket_option::keep_alive, 1);
    }

    // SRS_SOCKET_OPTIONS_01_004
    static int set_buffer_sizes(const char* function, SOCKET_TRANSPORT_HANDLE transport, std::uint32_t send_bytes,
                                std::uint32_t receive_bytes) noexcept
    {
        if (!check_buffer_sizes(function, send_bytes, receive_bytes)) {
            return 1;
        }
        return with_socket(function, transport, true, [=] {
            return (send_bytes == 0 || platform::set(function, transport, socket_option::send_buffer, send_bytes)) &&
                   (receive_bytes == 0 ||
                    platform::set(function, transport, socket_option::receive_buffer, receive_bytes));
        });
    }

    // SRS_SOCKET_OPTIONS_01_005
    static int get_buffer_sizes(const char* function, SOCKET_TRANSPORT_HANDLE transport, std::uint32_t* send_bytes,
                                std::uint32_t* receive_bytes) noexcept
    {
        if (send_bytes == nullptr && receive_bytes == nullptr) {
            log_refused(function, "send_bytes and receive_bytes", "are both NULL");
            return 1;
        }
        return with_socket(function, transport, true, [=] {
            std::uint32_t sends = 0;
            std::uint32_t receives = 0;
            if (!platform::get(function, transport, socket_option::send_buffer, sends) ||
                !platform::get(function, transport, socket_option::receive_buffer, receives)) {
                return false;
            }
            if (send_bytes != nullptr) {
                *send_bytes = sends;
            }
            if (receive_bytes != nullptr) {
                *receive_bytes = receives;
            }
            return true;
        });
    }
};

} // namespace async_socket::detail

#endif
