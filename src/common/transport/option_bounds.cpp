// SPDX-License-Identifier: MIT

#include "common/transport/option_bounds.hpp"

#include <initializer_list>

#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

// SRS_SOCKET_OPTIONS_01_003
bool check_keep_alive(const char* function, const SOCKET_KEEP_ALIVE& keep_alive) noexcept
{
    struct bounded {
        const char* name;
        std::uint32_t value;
        std::uint32_t most;
    };
    for (const bounded& each : {bounded{"keep_alive->idle_s", keep_alive.idle_s, 32767},
                                bounded{"keep_alive->interval_s", keep_alive.interval_s, 32767},
                                bounded{"keep_alive->count", keep_alive.count, 127}}) {
        if (each.value == 0 || each.value > each.most) {
            log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "%s: %s is %lu, not 1 to %lu", function, each.name,
                static_cast<unsigned long>(each.value), static_cast<unsigned long>(each.most));
            return false;
        }
    }
    return true;
}

// SRS_SOCKET_OPTIONS_01_003: the systems take a signed number.
bool check_buffer_sizes(const char* function, std::uint32_t send_bytes, std::uint32_t receive_bytes) noexcept
{
    if (send_bytes > INT32_MAX || receive_bytes > INT32_MAX) {
        log_refused(function, send_bytes > INT32_MAX ? "send_bytes" : "receive_bytes", "is over INT32_MAX");
        return false;
    }
    return true;
}

} // namespace async_socket::detail
