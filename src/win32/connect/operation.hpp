// SPDX-License-Identifier: MIT
//
// One connect of an async socket: resolving, the attempts at the addresses, and the end.
//
// It moves on in `advance`, which is called on threads of the engine's pool when an attempt has ended and when the
// timer says so; whoever else wants something (the resolver, cancel, close) leaves word and sets the timer to now.
// However many call it, one at a time takes the steps: of each pair of calls that meet, the second leaves it to the
// first to look again.

#ifndef ASYNC_SOCKET_WIN32_CONNECT_OPERATION_HPP
#define ASYNC_SOCKET_WIN32_CONNECT_OPERATION_HPP

#include <winsock2.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>

#include "async_socket/async_connect.h"
#include "common/arguments/arguments.hpp"
#include "common/connect/address_race.hpp"
#include "win32/engine/timer_queue.hpp"
#include "win32/operation/operation_list.hpp"
#include "win32/socket/io_operation.hpp"
#include "win32/socket/status.hpp"

namespace async_socket::detail {

class connect_operation;

// An attempt at one address.
struct connect_attempt : io_operation {
    connect_attempt() noexcept : io_operation{} {}

    connect_operation* owner = nullptr;
    sockaddr_storage address{};
    int address_length = 0;

    // Of the one who takes the steps.
    bool is_running = false;

    // Written by the start; closed by the thread that the end is reported on, unless it has won.
    SOCKET handle = INVALID_SOCKET;
    PTP_IO io = nullptr;
    bool is_pending = false; // under the owner's mutex: `handle` may be cancelled

    // Written before `has_ended`, which publishes them.
    DWORD error = 0;
    std::thread::id thread; // that the end was reported on
    std::atomic<bool> has_ended{false};
};

class connect_operation : public operation_entry, public timer_entry {
public:
    connect_operation(ASYNC_SOCKET_HANDLE socket, const operation_request& request) noexcept;

    // Takes hold of all that a connect needs; false, having reported why in the name of `function`, where the system
    // refuses. What was taken is given back by `release` and `give_back`.
    [[nodiscard]] bool prepare(const char* function) noexcept;
    void give_back() noexcept;

    // Begins: the name is written, the socket is CONNECTING, and somebody resolves the host, or has done so. False, and
    // nothing has begun: the system refuses.
    [[nodiscard]] bool begin(const char* function, const char* host, std::uint16_t port,
                             ASYNC_OPERATION_ID* name) noexcept;

    // Asks for the end; under the mutex of the socket's list.
    void end_early() noexcept;

    // The system reports the end of an attempt.
    static void on_attempt_end(PTP_CALLBACK_INSTANCE instance, connect_attempt* attempt, ULONG io_result) noexcept;

    void release() noexcept;

private:
    ~connect_operation();

    static timer_step expire_timer(timer_entry& timer) noexcept;
    static void run_timer(timer_entry& timer, PTP_CALLBACK_INSTANCE instance) noexcept;
    static void cancel_entry(operation_entry& entry) noexcept;
    static void CALLBACK resolve_in_background(PTP_CALLBACK_INSTANCE instance, void* context);

    void add_reference() noexcept;

    [[nodiscard]] bool begin_under_mutex(const char* function, ASYNC_OPERATION_ID* name) noexcept;

    // Resolving (resolve.cpp). Both need the mutex.
    [[nodiscard]] bool start_resolving(const char* function) noexcept;
    void take_addresses(DWORD error, connect_attempt* attempts, std::uint32_t count) noexcept;
    [[nodiscard]] DWORD resolve(int flags, connect_attempt*& attempts, std::uint32_t& count) const noexcept;

    // One attempt (attempt.cpp). 0 or the error.
    [[nodiscard]] DWORD start_attempt(connect_attempt& attempt) noexcept;
    void cancel_attempt(connect_attempt& attempt) noexcept;
    void end_attempt(connect_attempt& attempt, DWORD io_result) noexcept;

    // The steps. `step` returns whether it was the last.
    void advance(PTP_CALLBACK_INSTANCE instance) noexcept;
    [[nodiscard]] bool step() noexcept;
    void collect_ends() noexcept;
    void start_attempts() noexcept;
    void cancel_attempts() noexcept;
    void finish(PTP_CALLBACK_INSTANCE instance) noexcept;
    [[nodiscard]] ASYNC_COMPLETION settle_socket() noexcept;
    [[nodiscard]] bool open_socket() noexcept;
    void drop_winner() noexcept;
    [[nodiscard]] ASYNC_COMPLETION completion_of_failure(bool was_closed) const noexcept;

    ASYNC_SOCKET_HANDLE const socket_;
    const time_point_ns limit_;
    const operation_callback callback_;
    const bool says_how_;
    void* const context_;
    SOCKET_TRANSPORT_HANDLE transport_ = nullptr; // made beforehand, so that a connection is not lost for want of one

    // Of those who may still touch it: the connect itself, the resolver, the timer's callback, each attempt.
    std::atomic<std::uint32_t> references_{1};
    std::atomic<std::uint32_t> calls_of_advance_{0};
    std::atomic<end_reason> reason_{end_reason::none};
    std::atomic<connect_attempt*> winner_{nullptr};

    std::mutex mutex_;
    // Under the mutex.
    bool is_finished_ = false;
    bool is_resolved_ = false;
    DWORD resolve_error_ = 0;
    connect_attempt* attempts_ = nullptr;
    std::uint32_t attempt_count_ = 0;

    // Of the one who takes the steps.
    bool has_addresses_ = false;
    address_race race_;
    std::uint32_t running_ = 0;
    DWORD last_error_ = 0;

    // What is resolved; read by the resolver.
    char host_[longest_host + 1] = "";
    std::uint16_t port_ = 0;
};

} // namespace async_socket::detail

#endif
