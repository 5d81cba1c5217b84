// SPDX-License-Identifier: MIT

#include "platform/tcp_progress.hpp"

#include <cstddef>

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace asock {

std::optional<tcp_progress> tcp_progress_of(SOCKET_HANDLE connection, std::uint64_t /*handed_over*/)
{
    constexpr std::uint8_t closed = 7; // TCP_CLOSE, as the kernel counts the states
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(connection, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
        size < offsetof(tcp_info, tcpi_bytes_acked) + sizeof info.tcpi_bytes_acked) {
        return std::nullopt;
    }
    tcp_progress progress{info.tcpi_bytes_acked, 0, info.tcpi_state == closed};
    int queued = 0;
    // What a broken connection has left in its queue will never be taken.
    if (!progress.is_broken && ::ioctl(connection, SIOCOUTQ, &queued) == 0 && queued > 0) {
        progress.on_the_way = static_cast<std::uint64_t>(queued);
    }
    return progress;
}

} // namespace asock
