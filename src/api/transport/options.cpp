// SPDX-License-Identifier: MIT

#include "api/platform/options.hpp"

#include "api/platform/transport.hpp"
#include "common/diagnostics/forked_child.hpp"
#include "common/diagnostics/log.hpp"
#include "common/transport/option_bounds.hpp"

namespace async_socket::detail {

// SRS_SOCKET_OPTIONS_01_002
bool set_keep_alive_options(const char* function, SOCKET_TRANSPORT_HANDLE transport,
                            const SOCKET_KEEP_ALIVE& wanted) noexcept
{
    // It is turned on last: what goes before changes nothing by itself.
    return set_option(function, transport, socket_option::idle_s, wanted.idle_s) &&
           set_option(function, transport, socket_option::interval_s, wanted.interval_s) &&
           set_option(function, transport, socket_option::count, wanted.count) &&
           set_option(function, transport, socket_option::keep_alive, 1);
}

namespace {

// Calls `change()` while the socket of a connected transport, or of a listening one where that may be, is in use.
template <typename change_function>
int with_socket(const char* function, SOCKET_TRANSPORT_HANDLE transport, bool may_listen,
                change_function change) noexcept
{
    if (transport == nullptr) {
        log_refused(function, "socket_transport", "is NULL");
        return 1;
    }
    const transport_use use(transport);
    if (!use || !(may_listen || core_of(transport).type == SOCKET_CLIENT)) {
        log_refused(function, "socket_transport",
                    may_listen ? "is neither connected nor listening" : "is not connected");
        return 1;
    }
    return change() ? 0 : 1;
}

} // namespace

} // namespace async_socket::detail

using namespace async_socket::detail;

// SRS_SOCKET_OPTIONS_01_001
int socket_transport_set_no_delay(SOCKET_TRANSPORT_HANDLE socket_transport, bool no_delay)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    const char* const function = __func__;
    return with_socket(function, socket_transport, false, [=] {
        return set_option(function, socket_transport, socket_option::no_delay, no_delay ? 1 : 0);
    });
}

// SRS_SOCKET_OPTIONS_01_002
int socket_transport_set_keep_alive(SOCKET_TRANSPORT_HANDLE socket_transport, const SOCKET_KEEP_ALIVE* keep_alive)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    const char* const function = __func__;
    // SRS_SOCKET_OPTIONS_01_003
    if (keep_alive != nullptr && !check_keep_alive(function, *keep_alive)) {
        return 1;
    }
    return with_socket(function, socket_transport, false, [=] {
        return keep_alive == nullptr ? set_option(function, socket_transport, socket_option::keep_alive, 0)
                                     : set_keep_alive(function, socket_transport, *keep_alive);
    });
}

// SRS_SOCKET_OPTIONS_01_004
int socket_transport_set_buffer_sizes(SOCKET_TRANSPORT_HANDLE socket_transport, uint32_t send_bytes,
                                      uint32_t receive_bytes)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    const char* const function = __func__;
    if (!check_buffer_sizes(function, send_bytes, receive_bytes)) {
        return 1;
    }
    return with_socket(function, socket_transport, true, [=] {
        return (send_bytes == 0 || set_option(function, socket_transport, socket_option::send_buffer, send_bytes)) &&
               (receive_bytes == 0 ||
                set_option(function, socket_transport, socket_option::receive_buffer, receive_bytes));
    });
}

// SRS_SOCKET_OPTIONS_01_005
int socket_transport_get_buffer_sizes(SOCKET_TRANSPORT_HANDLE socket_transport, uint32_t* send_bytes,
                                      uint32_t* receive_bytes)
{
    if (refused_in_child(__func__)) {
        return 1;
    }
    const char* const function = __func__;
    if (send_bytes == nullptr && receive_bytes == nullptr) {
        log_refused(function, "send_bytes and receive_bytes", "are both NULL");
        return 1;
    }
    return with_socket(function, socket_transport, true, [=] {
        std::uint32_t sends = 0;
        std::uint32_t receives = 0;
        if (!get_option(function, socket_transport, socket_option::send_buffer, sends) ||
            !get_option(function, socket_transport, socket_option::receive_buffer, receives)) {
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
