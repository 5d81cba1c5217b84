// SPDX-License-Identifier: MIT
//
// The part that send, receive, notify and their kin have in common.

#ifndef ASYNC_SOCKET_LINUX_START_OPERATION_HPP
#define ASYNC_SOCKET_LINUX_START_OPERATION_HPP

#include <cstdint>

#include "linux/async_socket.hpp"

namespace async_socket::detail {

struct payload_view {
    const ASYNC_SOCKET_BUFFER* buffers = nullptr;
    std::uint32_t buffer_count = 0;
    std::uint32_t total_length = 0;
};

// What the callers of the functions that say how it went may ask for.
struct operation_wishes {
    bool says_how = false;
    std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT;
    ASYNC_OPERATION_ID* id = nullptr;
};

// Inside a call that was counted by begin_call: gives the worker an operation, and ends the call. False, and the call
// withdrawn, when there is no memory, which it has reported in the name of `function`.
[[nodiscard]] bool start_operation(const char* function, ASYNC_SOCKET_HANDLE socket, work_kind kind,
                                   const payload_view& payload, operation::callback_of_kind callback,
                                   void* callback_context, const operation_wishes& wishes = {}) noexcept;

// A record of that kind, with nothing to transfer, that only has to be given to the worker; nullptr when there is no
// memory. `place` goes into its name.
[[nodiscard]] operation* prepare_operation(worker& whose, ASYNC_SOCKET_HANDLE socket, work_kind kind,
                                           std::uint32_t buffer_count, operation::callback_of_kind callback,
                                           void* callback_context, const operation_wishes& wishes,
                                           std::uint64_t place = 0) noexcept;

} // namespace async_socket::detail

#endif
