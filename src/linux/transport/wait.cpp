// SPDX-License-Identifier: MIT

#include "linux/transport/wait.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>

namespace async_socket::detail {

namespace {

// SRS_SOCKET_TRANSPORT_LINUX_01_009: poll counts in an int; what is longer is waited for in pieces.
int poll_timeout(std::uint32_t remaining_ms) noexcept
{
    if (remaining_ms == deadline::no_limit) {
        return -1;
    }
    return static_cast<int>(std::min<std::uint32_t>(remaining_ms, INT_MAX));
}

} // namespace

wait_outcome wait_until_ready(int socket, short events, int disconnected, const deadline& limit) noexcept
{
    for (;;) {
        pollfd entries[] = {{disconnected, POLLIN, 0}, {socket, events, 0}};
        const int count = poll(entries, 2, poll_timeout(limit.remaining_ms()));
        if (count > 0) {
            return entries[0].revents != 0 ? wait_outcome::disconnected : wait_outcome::ready;
        }
        if (count == 0 && limit.remaining_ms() == 0) {
            return wait_outcome::timed_out;
        }
        // SRS_SOCKET_TRANSPORT_LINUX_01_003
        if (count == -1 && errno != EINTR) {
            return wait_outcome::failed;
        }
    }
}

} // namespace async_socket::detail
