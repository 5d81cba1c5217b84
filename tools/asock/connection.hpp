// SPDX-License-Identifier: MIT
//
// An open connection whose operations are waited for: several may be under way at once, and one thread, the one that
// made the connection, does all the work. The engine's threads only note that an operation has ended.

#ifndef ASOCK_CONNECTION_HPP
#define ASOCK_CONNECTION_HPP

#include "handles.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <stop_token>

namespace asock {

class connection;

// One send or receive. While it is pending, it and the memory it moves must stay where they are; the connection that
// it was started on must therefore be destroyed first.
struct operation {
    connection* owner = nullptr;
    bool pending = false;    // set by the working thread; cleared by a callback under the connection's mutex, last
    bool succeeded = false;  // these two belong to the callback while pending, and to the working thread otherwise
    std::uint32_t bytes = 0; // received
};

class connection {
public:
    // No limit where it is zero.
    using time_limit = std::chrono::seconds;

    // Takes over a transport that is connected. A request to stop ends every wait.
    connection(EXECUTION_ENGINE_HANDLE engine, transport_ptr transport, std::stop_token stop);

    // Closes; then no operation is pending any more.
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    // A call that is refused, because the connection has ended, makes an operation that has not succeeded.
    void start_send(operation& send, std::span<const ASYNC_SOCKET_BUFFER> buffers);
    void start_receive(operation& receive, std::span<std::byte> into);

    // Waits until one of the two is not pending. False when the time is over. Throws interrupted on a stop request.
    bool wait_for_either(const operation& first, const operation& second, time_limit limit);
    bool wait_for(const operation& one, time_limit limit);

    bool is_pending(const operation& one);

private:
    static void on_send_complete(void* context, ASYNC_SOCKET_SEND_RESULT result);
    static void on_receive_complete(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes);

    void begin(operation& started);
    void end(operation& ended, bool succeeded, std::uint32_t bytes);

    // Callbacks of different operations may run at the same time, and in any order: what they write, the state of
    // each operation, is written and read under the mutex.
    std::mutex mutex_;
    std::condition_variable_any ended_;
    std::stop_token stop_;
    transport_ptr transport_;
    socket_ptr socket_; // destroyed first: its callbacks use all of the above
};

} // namespace asock

#endif
