// SPDX-License-Identifier: MIT
//
// An async socket without a network: the lifecycle, used step by step as the platforms use it. Which operation
// completes when, and on which thread, is up to the test.

#ifndef ASYNC_SOCKET_TESTS_UNIT_COMMON_BARE_SOCKET_H
#define ASYNC_SOCKET_TESTS_UNIT_COMMON_BARE_SOCKET_H

#include <functional>

#include "async_socket/async_socket.h"
#include "common/lifecycle/lifecycle.hpp"

struct ASYNC_SOCKET_TAG {
    async_socket::detail::lifecycle life;

    // Set before the socket is shared. What close does in place of disconnecting: ends what is pending.
    std::function<void()> disconnect;
    // What the last one to leave does.
    std::function<void(ASYNC_SOCKET_HANDLE)> free;
};

// The callback of an operation or of open, on this thread: `body` is the program's part of it.
void run_callback(ASYNC_SOCKET_HANDLE socket, const std::function<void()>& body);

// The rest of async_socket_close after begin_close has returned what there is to close.
void finish_close(ASYNC_SOCKET_HANDLE socket, async_socket::detail::lifecycle::to_close what);

#endif
