// SPDX-License-Identifier: MIT
//
// The checks that a payload has to pass before anything is done with it, the same for send and receive.

#ifndef ASYNC_SOCKET_COMMON_ARGUMENTS_PAYLOAD_HPP
#define ASYNC_SOCKET_COMMON_ARGUMENTS_PAYLOAD_HPP

#include <cstddef>
#include <cstdint>
#include <optional>

#include "async_socket/async_socket.h"

namespace async_socket::detail {

// Returns the total length in bytes; nothing, and reports why in the name of `function`, when the payload is refused.
// `record_size` is the size of the record of the operation without its SOCKET_BUFFERs.
[[nodiscard]] std::optional<std::uint32_t> check_payload(const char* function, const ASYNC_SOCKET_BUFFER* payload,
                                                         std::uint32_t buffer_count, std::size_t record_size) noexcept;

// SRS_ASYNC_SOCKET_WIN32_01_056, SRS_ASYNC_SOCKET_WIN32_01_079: points at the payload's memory, copies none of it.
inline void point_at_payload(SOCKET_BUFFER* buffers, const ASYNC_SOCKET_BUFFER* payload,
                             std::uint32_t buffer_count) noexcept
{
    for (std::uint32_t i = 0; i < buffer_count; ++i) {
        buffers[i].length = payload[i].length;
        buffers[i].buffer = static_cast<unsigned char*>(payload[i].buffer);
    }
}

} // namespace async_socket::detail

#endif
