// SPDX-License-Identifier: MIT
//
// The named operations whose callbacks are on the stack of a worker's thread: a chain through that stack.

#ifndef ASYNC_SOCKET_LINUX_ENGINE_WORKER_RUNNING_HPP
#define ASYNC_SOCKET_LINUX_ENGINE_WORKER_RUNNING_HPP

#include "async_socket/async_operation.h"
#include "common/lifecycle/end_waiter.hpp"

namespace async_socket::detail {

struct running_operation {
    ASYNC_OPERATION_ID id;
    end_waiter* waiters; // to be signalled when the callback has returned
    running_operation* outer;
};

[[nodiscard]] inline running_operation* find_running(running_operation* innermost, ASYNC_OPERATION_ID id) noexcept
{
    while (innermost != nullptr && innermost->id != id) {
        innermost = innermost->outer;
    }
    return innermost;
}

} // namespace async_socket::detail

#endif
