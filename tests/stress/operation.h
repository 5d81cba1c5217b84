// SPDX-License-Identifier: MIT
//
// One asynchronous operation of a program, from its start to its check at the end.

#ifndef ASYNC_SOCKET_TESTS_STRESS_OPERATION_H
#define ASYNC_SOCKET_TESTS_STRESS_OPERATION_H

#include <atomic>
#include <cstdint>
#include <vector>

#include "async_socket/async_operation.h"
#include "async_socket/async_socket.h"

#include "random.h"
#include "support/pattern.h"

namespace stress {

class connection;

enum class operation_kind { send, receive, notify, connect, shutdown, delay };

struct operation {
    operation(connection& on, operation_kind what, std::uint64_t seed) : owner(on), kind(what), choice(seed) {}

    // Cuts `memory` into a few buffers.
    std::vector<ASYNC_SOCKET_BUFFER> cut();

    connection& owner;
    const operation_kind kind;
    random choice; // before the start the starter's, then the callback's
    contract::bytes memory;
    std::uint32_t number = 0;  // of a send, among those of the connection
    ASYNC_OPERATION_ID id = 0; // written by the start

    // Written by the starter after the start has returned.
    std::atomic<bool> accepted{false};
    std::atomic<ASYNC_OPERATION_ID> name{0}; // the id, to cancel it by
    // Written by the callback.
    std::atomic<std::uint32_t> calls{0};
    std::atomic<bool> ok{false};
    std::atomic<std::uint32_t> received{0};
    std::atomic<bool> done{false};     // the last that the callback writes before the bytes are checked
    std::atomic<bool> returned{false}; // the last that the callback writes at all
};

} // namespace stress

#endif
