// SPDX-License-Identifier: MIT
//
// What the oracle knows of each operation and each socket: what was asked and what came of it, nothing of how.

#ifndef ASYNC_SOCKET_TESTS_SIM_RECORDS_H
#define ASYNC_SOCKET_TESTS_SIM_RECORDS_H

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "async_socket/async_listener.h"
#include "async_socket/async_socket_ex.h"

#include "program/action.h"
#include "world/endpoint.h"
#include "world/remote.h"

namespace sim {

class oracle;
class performance;
struct socket_record;

struct operation_record {
    // What was asked.
    verb what = verb::send;
    bool says_how = false; // an ASYNC_COMPLETION, not the result of a fixed callback
    bool by_name = false;  // a connect
    int number = 0;
    socket_record* socket = nullptr; // nullptr: a delay of the engine
    std::uint32_t total = 0;
    std::uint32_t limit_ms = UINT32_MAX;
    std::vector<std::string> memory;
    std::vector<ASYNC_SOCKET_BUFFER> pieces;
    ASYNC_OPERATION_ID id = 0;

    // What is true of it when it begins.
    bool could_end_at_once = false; // what it needs is there, and nobody is before it
    bool is_too_late = false;       // the socket is closed
    int told_before = 0;            // the error that the socket has told

    // What came of it.
    bool accepted = false;
    int calls = 0;
    int running_on = -1; // the thread of its callback, while that runs
    int called_on = -1;
    int starting_on = -1;
    int result = 0;
    int system_error = 0;
    std::uint32_t bytes = 0;
    time_point began = 0;
    time_point returned = forever;
    time_point ended = forever;
    int cancels = 0; // calls that have asked for its end, but for those that were refused
    time_point cancelled = forever;
    time_point cancel_told = forever; // the call has returned

    // What its callback is to do.
    performance* performed_by = nullptr;
    const action* asked = nullptr;
    const std::vector<action>* then = nullptr;
};

enum class life { made, connecting, open, closing, closed };

struct socket_record {
    int number = 0;
    bool is_listener = false;
    ASYNC_SOCKET_HANDLE handle = nullptr;
    ASYNC_LISTENER_HANDLE listener = nullptr;
    SOCKET_TRANSPORT_HANDLE transport = nullptr; // where it is the program's
    std::shared_ptr<endpoint> own;               // its end of the connection
    remote* peer = nullptr;

    life now_is = life::made;
    bool is_destroyed = false;
    bool sending_is_over = false;
    bool is_quiet = false; // the promise of close has been made: no callback any more
    time_point closing_began = forever;
    int opening = 0;              // calls under way that start a connect
    bool is_being_opened = false; // by a call under way, which nobody is to close meanwhile
    int closes_begun = 0;
    bool is_contested = false; // several calls have closed it at the same time
    int closes = 0;            // calls under way that end it
    int calls = 0;             // calls under way
    int attempted_on = -1;     // the thread that the program's own send or receive runs on
    bool is_custom = false;
    int descriptor = -1;      // of a custom one
    int starting[2] = {0, 0}; // of these, how many start a send or a receive
    int told_error = 0;       // the first that an operation has told
    // Of the program's own send and receive.
    struct attempts {
        const operation_record* first = nullptr;
        int count = 0; // that would block, one after the other
        time_point began = 0;
        std::uint64_t news = 0;
    };
    attempts fruitless[2];
    bool took_nothing = false;    // by its send, which is an error
    time_point refuses_until = 0; // it would block, whatever there is

    std::vector<operation_record*> operations; // as they began
    std::size_t looked_at = 0;                 // of these, for what they received
    bool is_out_of_order = false;              // a callback has waited for another one, which came early
    std::uint64_t received = 0;
    time_point received_last = 0;
    performance* performed_by = nullptr;
    const std::vector<action>* then = nullptr;
};

} // namespace sim

#endif
