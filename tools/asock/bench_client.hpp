// SPDX-License-Identifier: MIT
//
// One connection of the benchmark.

#ifndef ASOCK_BENCH_CLIENT_HPP
#define ASOCK_BENCH_CLIENT_HPP

#include "handles.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace asock {

enum class bench_failure { lost, altered };

// Told by the clients, on threads of the engine, several at a time.
class bench_observer {
public:
    // A message has come back. True: the client is to send another one.
    virtual bool on_message(std::chrono::nanoseconds latency) = 0;
    // The client does nothing any more, because on_message has said so.
    virtual void on_client_done() = 0;
    // The client does nothing any more, because it cannot.
    virtual void on_client_failed(bench_failure reason) = 0;

protected:
    ~bench_observer() = default;
};

// Sends a message, receives it back, and so on. The send and the receives of one message are under way at the same
// time, since a server may begin to answer before it has the whole message. Each of the two has members of its own;
// what follows a message is done by the one that ends last, which the counter parts_ decides.
class bench_client {
public:
    // Throws failure.
    bench_client(EXECUTION_ENGINE_HANDLE engine, transport_ptr transport, std::uint32_t message_size,
                 std::uint64_t number, bench_observer& observer);

    void start();

    // Returns when no callback is running any more.
    void close();

private:
    using clock = std::chrono::steady_clock;

    static void on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result);
    static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes);

    void begin_message();
    bool receive_rest();
    void end_part();

    bench_observer& observer_;
    std::vector<std::byte> outgoing_; // written between messages only
    std::uint64_t sequence_ = 0;
    clock::time_point begun_;
    std::vector<std::byte> incoming_; // these two are the receives'
    std::size_t received_ = 0;
    std::atomic<int> parts_{0}; // of the message, that are not done: its sending and its receiving
    transport_ptr transport_;
    socket_ptr socket_; // destroyed first: its callbacks use all of the above
};

} // namespace asock

#endif
