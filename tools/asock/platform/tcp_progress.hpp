// SPDX-License-Identifier: MIT
//
// What the system knows of a connection beyond what its operations tell.

#ifndef ASOCK_PLATFORM_TCP_PROGRESS_HPP
#define ASOCK_PLATFORM_TCP_PROGRESS_HPP

#include <async_socket/socket_handle.h>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace asock {

struct tcp_progress {
    std::uint64_t acknowledged = 0; // bytes that the peer's system has taken, since the beginning
    std::uint64_t on_the_way = 0;   // that were sent, and that it has not taken yet; 0 for a broken connection
    bool is_broken = false;         // by a reset, or because the system has given the peer up
};

// Nothing where the system does not tell. `handed_over`: bytes that the system has taken from this program.
std::optional<tcp_progress> tcp_progress_of(SOCKET_HANDLE connection, std::uint64_t handed_over);

// By a system that counts what it has sent, and keeps to itself how much it has not sent yet.
constexpr tcp_progress progress_by_counts(std::uint64_t handed_over, std::uint64_t sent, std::uint64_t in_flight)
{
    const std::uint64_t acknowledged = sent - std::min(sent, in_flight);
    // What was sent again may be among what was sent.
    return {acknowledged, std::max(in_flight, handed_over - std::min(handed_over, acknowledged)), false};
}

} // namespace asock

#endif
