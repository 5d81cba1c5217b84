// SPDX-License-Identifier: MIT
//
// A random program of calls: which threads do what to which connections, what the peers do, and what the callbacks do.
// All of it follows from one number. (How the threads then meet is the machine's choice.)

#ifndef ASYNC_SOCKET_TESTS_STRESS_PROGRAM_H
#define ASYNC_SOCKET_TESTS_STRESS_PROGRAM_H

#include <cstdint>
#include <vector>

namespace stress {

enum class action {
    create,
    open,
    send,
    receive,
    notify,
    send_ex,
    receive_ex,
    cancel,
    cancel_and_wait,
    shutdown_send,
    delay,
    close,
    reset,
    destroy,
    disconnect_transport,
    destroy_transport,
};

struct step {
    action what;
    std::uint64_t seed; // of every choice within the step, the callbacks that it leads to included
};

enum class peer_end {
    stays,  // until this side ends the connection
    closes, // in order
    resets,
    ends_sending,  // and goes on receiving
    stops_reading, // until this side ends the connection
};

struct peer_script {
    peer_end end;
    std::uint32_t end_after; // so many bytes received and sent
    std::uint32_t bytes_to_send;
    std::uint32_t send_piece;
    std::uint32_t receive_piece;
    std::uint32_t slow_receives; // so many of that size; then as much as is there
    bool sends_may_be_cut;       // by time limits and cancels: the messages cannot be told apart then
};

struct program {
    std::uint64_t seed;
    std::uint32_t min_threads; // of the engine
    std::uint32_t max_threads;
    bool reuse_operations;       // where the engine can be asked to
    std::uint32_t places_in_100; // of the sockets, on a thread that is chosen
    std::uint32_t largest_message;
    std::vector<std::vector<step>> threads;
};

// `max_thread_count` bounds the number of the program's threads.
program make_program(std::uint64_t seed, std::uint32_t max_thread_count);

peer_script make_peer_script(std::uint64_t seed);

} // namespace stress

#endif
