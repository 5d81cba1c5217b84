// SPDX-License-Identifier: MIT

#ifndef ASYNC_SOCKET_LINUX_BACKEND_WAIT_LIMIT_HPP
#define ASYNC_SOCKET_LINUX_BACKEND_WAIT_LIMIT_HPP

#include <algorithm>
#include <climits>

#include "common/time/timer_heap.hpp"

namespace async_socket::detail {

// As poll and epoll_wait take it; rounded up, for what ends too early begins anew.
[[nodiscard]] inline int milliseconds_until(time_point_ns limit) noexcept
{
    if (limit == never) {
        return -1;
    }
    const time_point_ns now = now_ns();
    const time_point_ns left = limit > now ? (limit - now + 999'999) / 1'000'000 : 0;
    return static_cast<int>(std::min<time_point_ns>(left, INT_MAX));
}

} // namespace async_socket::detail

#endif
