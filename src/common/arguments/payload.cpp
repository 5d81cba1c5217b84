// SPDX-License-Identifier: MIT

#include "common/arguments/payload.hpp"

#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

std::optional<std::uint32_t> check_payload(const char* function, const ASYNC_SOCKET_BUFFER* payload,
                                           std::uint32_t buffer_count, std::size_t record_size) noexcept
{
    // SRS_ASYNC_SOCKET_WIN32_01_025, SRS_ASYNC_SOCKET_WIN32_01_074
    if (payload == nullptr) {
        log_refused(function, "payload", "is NULL");
        return std::nullopt;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_085, SRS_ASYNC_SOCKET_WIN32_01_086
    if (buffer_count == 0) {
        log_refused(function, "buffer_count", "is 0");
        return std::nullopt;
    }
    // SRS_ASYNC_SOCKET_WIN32_01_103: decided before any buffer is read, for the array may be shorter than it claims.
    if (buffer_count > (UINT32_MAX - record_size) / sizeof(SOCKET_BUFFER)) {
        log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "%s: buffer_count is %lu, too large for the record of one operation",
            function, static_cast<unsigned long>(buffer_count));
        return std::nullopt;
    }

    std::uint32_t total = 0;
    for (std::uint32_t i = 0; i < buffer_count; ++i) {
        // SRS_ASYNC_SOCKET_WIN32_01_089, SRS_ASYNC_SOCKET_WIN32_01_091
        if (payload[i].buffer == nullptr) {
            log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "%s: payload[%lu].buffer is NULL", function,
                static_cast<unsigned long>(i));
            return std::nullopt;
        }
        // SRS_ASYNC_SOCKET_WIN32_01_090, SRS_ASYNC_SOCKET_WIN32_01_092
        if (payload[i].length == 0) {
            log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "%s: payload[%lu].length is 0", function, static_cast<unsigned long>(i));
            return std::nullopt;
        }
        // SRS_ASYNC_SOCKET_WIN32_01_101, SRS_ASYNC_SOCKET_WIN32_01_096
        if (payload[i].length > UINT32_MAX - total) {
            log_refused(function, "payload", "is longer than UINT32_MAX bytes in total");
            return std::nullopt;
        }
        total += payload[i].length;
    }
    return total;
}

} // namespace async_socket::detail
