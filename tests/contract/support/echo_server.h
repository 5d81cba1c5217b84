// SPDX-License-Identifier: MIT
//
// A server as the documents show it: an accept callback opens a socket on what it is handed and accepts again, and each
// socket sends back what it receives.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_ECHO_SERVER_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_ECHO_SERVER_H

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "async_socket/placement.h"

#include "support/connection.h"
#include "support/event.h"
#include "support/owners.h"

namespace contract {

class echo_server {
public:
    // Throws std::runtime_error when something is refused. `thread` accepts.
    explicit echo_server(EXECUTION_ENGINE_HANDLE engine, std::uint32_t thread = EXECUTION_ENGINE_ANY_THREAD);
    // Closes the listener, and then the connections.
    ~echo_server();
    echo_server(const echo_server&) = delete;
    echo_server& operator=(const echo_server&) = delete;

    // Called with the number of the connection before it sends back. Set before the first connection.
    std::function<void(std::size_t)> before_echo;

    [[nodiscard]] std::uint16_t port() const { return listening_.port(); }
    [[nodiscard]] ASYNC_LISTENER_HANDLE get() const { return handle_.get(); }
    // False when there are not so many within the limit.
    [[nodiscard]] bool wait_for_connections(std::size_t number) { return connections_open_.wait_for(number); }
    // Of each connection, in the order in which they were accepted: the thread that it belongs to.
    [[nodiscard]] std::vector<std::uint32_t> threads() const;
    // Closes the connections that belong to the thread, and says how many there were. While nobody connects.
    std::size_t close_those_of(std::uint32_t thread);
    // Callbacks that ran on another thread than that of their socket.
    [[nodiscard]] std::size_t strayed() const { return strayed_; }
    [[nodiscard]] std::size_t refused() const { return refused_; }

private:
    struct session {
        echo_server* server = nullptr;
        std::size_t number = 0;
        transport_owner transport;
        unsigned char memory[64] = {};
        socket_owner socket; // destroyed first
    };

    static void on_accepted(void* context, const ASYNC_COMPLETION* completion, SOCKET_TRANSPORT_HANDLE accepted);
    static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t received);
    static void on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result);
    int accept();
    void begin(SOCKET_TRANSPORT_HANDLE accepted);
    static void receive(session& of);
    static void note_thread(const session& of);

    EXECUTION_ENGINE_HANDLE engine_;
    listener listening_;
    counter connections_open_;
    std::atomic<std::size_t> strayed_{0};
    std::atomic<std::size_t> refused_{0};
    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<session>> sessions_; // under mutex_
    listener_owner handle_;
};

} // namespace contract

#endif
