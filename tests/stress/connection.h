// SPDX-License-Identifier: MIT
//
// One connection of a program: an async socket on a transport, its peer, and the account of its operations. Each
// function makes one call of the library, from a thread of the program or from a callback, and checks what it promises.

#ifndef ASYNC_SOCKET_TESTS_STRESS_CONNECTION_H
#define ASYNC_SOCKET_TESTS_STRESS_CONNECTION_H

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "async_socket/async_socket.h"
#include "async_socket/async_socket_ex.h"

#include "handle_guard.h"
#include "live_count.h"
#include "operation.h"
#include "peer.h"
#include "program.h"
#include "receive_ledger.h"
#include "report.h"
#include "support/event.h"

namespace stress {

class world;

class connection {
public:
    // `place`: its place among those of the program. A callback closes only its own connection and those after it:
    // callbacks that close each other's connections would wait for each other.
    connection(world& in, std::size_t place, EXECUTION_ENGINE_HANDLE engine, std::uint64_t seed);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void open(std::uint64_t seed);
    void send(std::uint64_t seed);
    void receive(std::uint64_t seed);
    void notify(std::uint64_t seed);
    // The same with random time limits, and with a completion.
    void send_ex(std::uint64_t seed);
    void receive_ex(std::uint64_t seed);
    // Of one of the operations that have a name; `waits`: until its callback has returned.
    void cancel(std::uint64_t seed, bool waits);
    void shutdown_send(std::uint64_t seed);
    // A delay whose callback goes on as those of the connection do.
    void delay(std::uint64_t seed);
    void close(bool with_a_reset = false);
    // Waits for every other use of the handle; not for callbacks.
    void destroy();
    // Does it when nobody else uses the handle. `abandoned`: the result of the callback that this is called in says
    // that this side is ending the connection.
    void destroy_in_callback(bool abandoned);
    void disconnect_transport();
    void destroy_transport();

    // After the threads have ended their steps: ends everything and joins the peer.
    void end();
    // After end: every operation was called back once, every byte is right.
    void check();

    [[nodiscard]] std::size_t place() const { return place_; }
    [[nodiscard]] std::string text() const;

private:
    friend class callback_frame;

    static void on_open(void* context, ASYNC_SOCKET_OPEN_RESULT result);
    static void on_send(void* context, ASYNC_SOCKET_SEND_RESULT result);
    static void on_receive(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t bytes_received);
    static void on_send_ex(void* context, const ASYNC_COMPLETION* completion);
    static void on_receive_ex(void* context, const ASYNC_COMPLETION* completion);
    static void on_connect_ex(void* context, const ASYNC_COMPLETION* completion);
    static void on_shutdown(void* context, const ASYNC_COMPLETION* completion);
    static void on_delay(void* context, const ASYNC_COMPLETION* completion);
    static void on_notify(void* context, ASYNC_SOCKET_NOTIFY_IO_RESULT result);

    // Connects, in one of the ways that there are, and makes the peer.
    void meet(std::uint64_t seed);
    void meet_by_connect(std::uint64_t seed);
    void meet_by_async_accept();
    void end_delays();
    void end_delay(operation& one);
    static std::uint32_t this_starter();
    [[nodiscard]] bool is_status(const ASYNC_COMPLETION& completion, std::initializer_list<ASYNC_STATUS> allowed) const;
    operation* new_operation(operation_kind kind, std::uint64_t seed);
    void account(operation& one, bool accepted);
    // No callback of this connection may run now but those on this thread.
    void expect_silence(const char* when, std::uint32_t others_allowed);
    // Whether only a close of this side can have abandoned a receive so far.
    [[nodiscard]] bool only_a_close_can_abandon() const;
    void check_sends() const;
    void note_if_all_is_over();

    world& world_;
    report& report_;
    live_counts& counts_;
    const std::size_t place_;
    EXECUTION_ENGINE_HANDLE const engine_;
    const peer_script script_;
    SOCKET_TRANSPORT_HANDLE transport_ = nullptr;
    ASYNC_SOCKET_HANDLE socket_ = nullptr;
    handle_guard socket_guard_;
    handle_guard transport_guard_;
    std::unique_ptr<peer> peer_;
    contract::event met_; // the peer is there
    receive_ledger receives_;

    std::atomic<bool> opened_{false};                 // an open has returned success
    std::atomic<bool> silent_{false};                 // the close that closed, or destroy, has returned
    std::atomic<bool> destroyed_{false};              // destroy has returned
    contract::event all_is_over_;                     // and with it the last callback
    std::atomic<bool> reset_{false};                  // this side may have reset the connection
    std::atomic<bool> transport_touched_{false};      // this side has begun to disconnect the transport by itself
    std::atomic<std::uint32_t> running_{0};           // callbacks now inside the program's code
    std::atomic<std::uint32_t> closing_callbacks_{0}; // callbacks now inside close
    std::atomic<std::uint32_t> next_number_{1};

    mutable std::mutex mutex_;
    std::vector<std::unique_ptr<operation>> operations_; // under mutex_
};

} // namespace stress

#endif
