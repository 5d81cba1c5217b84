// SPDX-License-Identifier: MIT
//
// Knows what is right: a model of the contract, written from the public headers and from nothing else. It is told what
// the program asks and what it is answered, looks at what has happened in the world, and fails the run where an answer
// is not one of those that may be given, or does not come when it must.

#ifndef ASYNC_SOCKET_TESTS_SIM_ORACLE_H
#define ASYNC_SOCKET_TESTS_SIM_ORACLE_H

#include <cstdarg>
#include <deque>
#include <map>
#include <memory>

#include "async_socket/counters.h"
#include "async_socket/log.h"

#include "oracle/records.h"
#include "oracle/tally.h"
#include "world/world.h"

namespace sim {

class oracle {
public:
    oracle(world& judged, tally& drawn) : world_(judged), drawn_(drawn) {}

    socket_record& add_socket();
    operation_record& add_operation(verb what, socket_record* socket);

    // Around the call that starts an operation.
    void begins(operation_record& begun);
    void returns(operation_record& begun, bool accepted);
    // Around its callback.
    void called(operation_record& ended, int result, int system_error, std::uint32_t bytes);
    void callback_returns(operation_record& ended);

    // Around a call that closes; whether it is the only one.
    bool close_begins(socket_record& closed);
    void close_returns(socket_record& closed, bool is_only_one);
    void close_is_refused(socket_record& closed, bool is_only_one);
    void background_close_ends(socket_record& closed);

    // The program's own send or receive has been called, and has moved something or would block.
    void is_attempted(socket_record& socket, const operation_record& first, bool moves);

    // Around each public call that may be refused, and each line of the log.
    void call_begins(const char* function);
    void call_ends(bool is_refused);
    void is_logged(ASYNC_SOCKET_LOG_LEVEL level, const std::string& message);

    // Nothing happens any more: what could have ended has ended.
    void judge_rest();
    void judge_counters(EXECUTION_ENGINE_HANDLE engine) const;
    // Everything is closed: nothing is left, and every byte is where it belongs.
    void judge_end();

    std::deque<std::unique_ptr<socket_record>> sockets;
    std::deque<std::unique_ptr<operation_record>> operations;
    // Threads that are inside a close now.
    std::map<int, int> closing_threads;

    // Whether an allocation may have failed since then.
    [[nodiscard]] bool may_lack_memory(time_point since) const
    {
        return world_.past.failed_allocations != 0 && world_.lacks.allocations_until >= since;
    }

    // How late an answer may be: a turn of each socket of the worker, and of the threads that it shares the processor
    // with.
    [[nodiscard]] time_point slack() const { return 20 * millisecond + 1'000 * world_.time.call_time(); }

    [[noreturn]] __attribute__((format(printf, 2, 3))) void fail(const char* format, ...) const;

private:
    void judge_result(operation_record& ended);
    void judge_time(const operation_record& ended);
    void judge_receive(operation_record& ended);
    void judge_send(const operation_record& ended);
    void judge_plain(const operation_record& ended);
    void judge_accept(const operation_record& ended);
    void judge_connect(const operation_record& ended);
    void judge_notification(const operation_record& ended);
    void judge_error(const operation_record& ended, int told);
    void take_in_order(socket_record& socket);
    void take_bytes(operation_record& ended);
    void judge_outstanding(const operation_record& outstanding, bool is_first);
    [[nodiscard]] bool fits_sends(const socket_record& socket, std::size_t number, std::size_t offset) const;
    void judge_sent(const socket_record& socket);
    void judge_turns(const operation_record& ended, time_point due) const;
    void note_turn(const operation_record& called);
    void judge_counters(const socket_record& socket) const;
    void judge_counter(const char* name, int socket, std::uint64_t told, std::uint64_t least, std::uint64_t most) const;
    void judge_lines() const;

    [[nodiscard]] time_point now() const { return world_.time.now(); }
    [[nodiscard]] const operation_record* first_outstanding(const socket_record& socket, bool receives) const;
    static std::string describe(const operation_record& shown);

    struct turn {
        time_point when;
        int thread;
        const socket_record* socket;
    };
    struct public_call {
        const char* function;
        int refusals; // lines of the log about it
        int failures;
    };
    // How many the log has of each kind.
    struct lines {
        int sends = 0;
        int receives = 0;
        int notifications = 0;
        int connects = 0;
        int rings = 0;
        int shortages = 0;
        int allocations = 0; // outside of calls
    };

    world& world_;
    tally& drawn_;
    std::deque<turn> turns_;                        // the last callbacks
    std::map<int, std::vector<public_call>> calls_; // of each thread, the innermost last
    lines lines_;
};

// Which of the two directions of a socket an operation belongs to, where it does.
inline bool is_receive(verb what)
{
    return what == verb::receive || what == verb::receive_ex || what == verb::receive_on;
}
inline bool is_send(verb what)
{
    return what == verb::send || what == verb::send_ex;
}

} // namespace sim

#endif
