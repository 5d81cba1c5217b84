// SPDX-License-Identifier: MIT
//
// What a worker may have to do at some time, and for what.

#ifndef ASYNC_SOCKET_LINUX_OPERATION_WORKER_TIMER_HPP
#define ASYNC_SOCKET_LINUX_OPERATION_WORKER_TIMER_HPP

#include <cstdint>

#include "common/time/timer_heap.hpp"

namespace async_socket::detail {

enum class timer_purpose : std::uint8_t {
    operation,  // an operation's time is over
    connecting, // it is time for a further attempt
    retry       // a direction of a socket, of which nobody tells when it is ready, is tried again
};

struct worker_timer : timer_node {
    worker_timer(timer_purpose what_for, void* whose) noexcept : purpose(what_for), owner(whose) {}

    timer_purpose purpose;
    void* owner; // as `purpose` tells
};

} // namespace async_socket::detail

#endif
