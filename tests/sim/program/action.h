// SPDX-License-Identifier: MIT
//
// A program is a list of actions, drawn before it runs. Each names its sockets by number, so that what is left when
// some actions are taken out is a program, too; what makes no sense when its turn comes is passed over.

#ifndef ASYNC_SOCKET_TESTS_SIM_ACTION_H
#define ASYNC_SOCKET_TESTS_SIM_ACTION_H

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

enum class verb : std::uint8_t {
    // of a socket
    send,
    send_ex,
    receive,
    receive_ex,
    receive_on, // and again, for as long as it is given something
    shutdown_send,
    delay,
    notify_in,
    notify_out,
    cancel,
    cancel_and_wait,
    close,
    close_async,
    reset,
    release,
    destroy,
    connect,
    // of the listener
    accept,
    close_listener,
    // of the engine
    engine_delay,
    // of the program's thread
    sleep,
    pass_nothing, // to what does nothing then
    // of the peers
    peer_sends,
    peer_floods,
    peer_finishes,
    peer_closes,
    peer_resets,
    peer_stops_reading,
    peer_reads_again,
    client_arrives,
    // of the system
    connection_fails,
    descriptors_run_out,
    memory_runs_out,
    accept_fails,
    allocations_fail,
    count_of_verbs
};

inline constexpr std::size_t verb_count = static_cast<std::size_t>(verb::count_of_verbs);

const char* name_of(verb what);
// The public function that starts the operation, as the log names it.
const char* function_of(verb what);

struct action {
    verb what = verb::sleep;
    std::uint32_t socket = 0;
    std::uint32_t size = 1;     // bytes; milliseconds, where it waits
    std::uint32_t pieces = 1;   // buffers
    std::uint32_t limit_ms = 0; // ASYNC_NO_TIMEOUT: none
    std::uint32_t choice = 0;   // which one, where there are several
    std::vector<action> then;   // what its callback does
};

struct program {
    std::uint64_t seed = 0;
    std::uint32_t workers = 1;
    std::uint32_t sockets = 1; // that are connected at the start
    std::uint32_t custom = 0;  // of these, how many have a send and a receive of the program's own
    bool has_listener = false;
    bool is_slow = false; // each call of the system takes long
    std::uint32_t spin_limit_us = 0;
    std::vector<action> actions;
    std::vector<action> in_attempts; // what the program's own send and receive do before they move anything
};

program draw_program(std::uint64_t seed);

// One line for each action, as it would be written in C++.
std::string to_text(const program& shown);

// How many actions there are, those of callbacks included.
std::size_t length_of(const std::vector<action>& actions);

} // namespace sim

#endif
