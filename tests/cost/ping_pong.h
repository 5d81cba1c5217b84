// SPDX-License-Identifier: MIT
//
// Messages that go back and forth over many connections, both ends of which are async sockets on one engine. The
// program itself allocates nothing, locks nothing and makes no system call from one message to the next, so that what
// is counted is the library's.

#ifndef ASYNC_SOCKET_TESTS_COST_PING_PONG_H
#define ASYNC_SOCKET_TESTS_COST_PING_PONG_H

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "async_socket/async_socket.h"

#include "support/connection.h"
#include "support/owners.h"

namespace cost {

inline constexpr std::size_t message_length = 64;
// A receive has room for more than a message, as that of a server has.
inline constexpr std::size_t receive_length = 1024;

// Sleeps without a lock until everything that is expected has been told.
class tally {
public:
    void expect(std::uint32_t number) { missing_.fetch_add(number); }
    void tell()
    {
        if (missing_.fetch_sub(1) == 1) {
            missing_.notify_all();
        }
    }
    void wait() const
    {
        for (std::uint32_t now = missing_.load(); now != 0; now = missing_.load()) {
            missing_.wait(now);
        }
    }

private:
    std::atomic<std::uint32_t> missing_{0};
};

class ping_pong {
public:
    // Throws std::runtime_error when something cannot be had.
    ping_pong(EXECUTION_ENGINE_HANDLE engine, std::size_t connections);
    ~ping_pong();
    ping_pong(const ping_pong&) = delete;
    ping_pong& operator=(const ping_pong&) = delete;

    // Sends so many messages (or up to one more for each connection), each in the callback of the one that it answers,
    // and waits until all have arrived. Returns their number.
    std::size_t exchange_in_callbacks(std::size_t messages);
    // Starts the send and the receive of each message on the calling thread, one message for each connection at a time,
    // and waits for these before the next. Returns the number of messages.
    std::size_t exchange_from_here(std::size_t messages);

    // So far, of the exchange that is under way. Any thread.
    [[nodiscard]] std::size_t sent() const { return sent_.load(std::memory_order_relaxed); }

    // Operations that did not end as they should.
    [[nodiscard]] std::size_t failures() const { return failures_.load(); }

private:
    struct end {
        ping_pong* owner = nullptr;
        ASYNC_SOCKET_HANDLE socket = nullptr;
        std::uint32_t received = 0; // callbacks of this end only
        // Written by callbacks of this end, and by the program while nothing is under way.
        std::atomic<bool> has_receive{false};
        unsigned char received_data[receive_length]{};
        unsigned char sent_data[message_length]{};
    };
    struct pair {
        contract::connection link;
        contract::socket_owner sockets[2];
        end ends[2];
    };

    void send(end& from);
    void expect_message(end& at);
    void receive(end& at, std::uint32_t from);
    void take_message(end& at);
    static void on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result);
    static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes);

    std::vector<std::unique_ptr<pair>> pairs_;
    // Which of the two ways is under way: set while nothing is, so any order will do.
    std::atomic<bool> answers_in_callback_{true};
    std::atomic<std::int64_t> left_to_send_{0};
    std::atomic<std::size_t> sent_{0};
    std::atomic<std::size_t> failures_{0};
    std::atomic<bool> ends_{false};
    tally done_;
};

} // namespace cost

#endif
