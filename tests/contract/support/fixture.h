// SPDX-License-Identifier: MIT
//
// What most tests start from: an engine, a connection, and an async socket open on one end of it.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_FIXTURE_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_FIXTURE_H

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/connection.h"
#include "support/engine_under_test.h"
#include "support/ex_operation.h"
#include "support/operation.h"
#include "support/owners.h"

namespace contract {

// Opens a new socket on the transport; throws std::runtime_error when that fails.
socket_owner open_socket(EXECUTION_ENGINE_HANDLE engine, SOCKET_TRANSPORT_HANDLE transport);

// Engine only. The operations live as long as the test: longer than its sockets.
class with_engine : public ::testing::Test {
protected:
    explicit with_engine(std::uint32_t min_thread_count = 4, std::uint32_t max_thread_count = 0);

    send_operation& new_send(bytes memory, const std::vector<std::size_t>& pieces = {});
    receive_operation& new_receive(std::size_t size, const std::vector<std::size_t>& pieces = {});

    // Throw std::runtime_error when the operation is refused: what the test waits for next would never come.
    send_operation& start_send(ASYNC_SOCKET_HANDLE on, bytes memory, const std::vector<std::size_t>& pieces = {});
    receive_operation& start_receive(ASYNC_SOCKET_HANDLE on, std::size_t size,
                                     const std::vector<std::size_t>& pieces = {});

    // An operation of any kind.
    template <typename type, typename... arguments>
    type& make(arguments&&... constructed_with)
    {
        const auto made = std::make_shared<type>(std::forward<arguments>(constructed_with)...);
        others_.push_back(made);
        return *made;
    }
    // Throw std::runtime_error when the operation is refused.
    send_ex_operation& start_send_ex(ASYNC_SOCKET_HANDLE on, bytes memory, std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT);
    receive_ex_operation& start_receive_ex(ASYNC_SOCKET_HANDLE on, std::size_t size,
                                           std::uint32_t timeout_ms = ASYNC_NO_TIMEOUT);

    // Fills the buffers of the system at both ends of a connection whose peer does not read, so that every further send
    // waits: the operation waits for the rest of its bytes. The stream is the pattern from 0 on.
    send_ex_operation& start_blocked_send(ASYNC_SOCKET_HANDLE on);

    // Returns when another thread's close of the socket has begun: it takes no more operations then.
    void wait_until_it_is_being_closed(ASYNC_SOCKET_HANDLE on);

    // Sends and receives small messages in both directions and expects them to arrive.
    void expect_works(ASYNC_SOCKET_HANDLE on, SOCKET_TRANSPORT_HANDLE peer);

private:
    std::vector<std::unique_ptr<send_operation>> sends_;
    std::vector<std::unique_ptr<receive_operation>> receives_;
    std::vector<std::shared_ptr<void>> others_;

protected:
    engine_owner engine;
};

class with_connection : public with_engine {
protected:
    explicit with_connection(std::uint32_t min_thread_count = 4, std::uint32_t max_thread_count = 0);

    connection link;
};

class with_socket : public with_connection {
protected:
    explicit with_socket(std::uint32_t min_thread_count = 4, std::uint32_t max_thread_count = 0);

    socket_owner socket;
};

} // namespace contract

#endif
