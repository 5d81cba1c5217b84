// SPDX-License-Identifier: MIT
//
// How many of something there are: each is counted from its making to its end.

#ifndef ASYNC_SOCKET_TESTS_STRESS_LIVE_COUNT_H
#define ASYNC_SOCKET_TESTS_STRESS_LIVE_COUNT_H

#include <atomic>

namespace stress {

struct live_counts {
    std::atomic<int> sockets{0};
    std::atomic<int> transports{0};
};

} // namespace stress

#endif
