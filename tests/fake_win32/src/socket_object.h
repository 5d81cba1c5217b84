// SPDX-License-Identifier: MIT
//
// One end of a connection, or a listener, and the overlapped operations on it. Guarded by the world's mutex.

#ifndef FAKE_WIN32_SOCKET_OBJECT_H
#define FAKE_WIN32_SOCKET_OBJECT_H

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "address.h"
#include "fake_win32/completions.h"
#include "winsock2.h"

namespace fake_win32 {

struct operation {
    OVERLAPPED* overlapped = nullptr;
    PTP_IO io = nullptr;
    HANDLE event = nullptr;
    SOCKET socket = 0;
    std::uint64_t sequence = 0; // the order in which operations were started
    bool is_send = false;
    pending_kind kind = pending_kind::send;
    SOCKET accepted = 0;     // of an accept
    bool is_decided = false; // a connect that got its answer, with this result:
    DWORD answer = 0;
    std::vector<WSABUF> buffers;
    std::uint64_t length = 0;
    std::uint64_t done = 0;
    bool ended = false;
    bool memory_lost = false; // the OVERLAPPED was freed: nothing may be written to it any more
    DWORD io_result = 0;
    ULONG_PTR bytes = 0;
};

enum class socket_state : std::uint8_t { fresh, bound, listening, connecting, connected };

struct socket_object : std::enable_shared_from_this<socket_object> {
    SOCKET handle = 0; // 0: the far end of a connection, which is not the program's
    int family = AF_INET;
    socket_state state = socket_state::fresh;
    bool closed = false;
    bool overlapped = false;
    bool inheritable = true;
    bool exclusive = false;
    bool v6_only = true;
    bool nonblocking = false;
    bool abortive = false;                      // SO_LINGER with no time: a close resets
    std::map<std::pair<int, int>, int> options; // by level and name, the ones that change nothing here
    unsigned handles = 1;                       // of the program's
    address local;
    address remote;

    std::shared_ptr<socket_object> peer; // both point at each other until either is closed
    std::deque<unsigned char> received;
    bool end_received = false; // after the bytes in `received`
    bool was_reset = false;
    bool send_shut = false;
    bool end_sent = false;
    bool receive_shut = false;
    std::deque<std::shared_ptr<operation>> sends;
    std::deque<std::shared_ptr<operation>> receives;
    std::deque<std::shared_ptr<operation>> connects;
    std::deque<std::shared_ptr<operation>> accepts;
    // Connected by an extension, and not yet a socket that all calls know as connected.
    bool lacks_context = false;

    std::size_t backlog_limit = 0;
    std::deque<std::shared_ptr<socket_object>> backlog; // program-side ends not yet accepted

    HANDLE selected_event = nullptr;
    LONG selected = 0;
    LONG recorded = 0;
    bool accept_was_announced = false; // and is not any more, until an accept succeeds; see announce_nobody
    int connect_error = 0;

    PTP_IO io = nullptr;
    unsigned inside = 0;            // calls that are blocked on it
    unsigned cancel_generation = 0; // raised by CancelIoEx: what was blocked before gives up
};

// All of these need the world's mutex.

std::shared_ptr<socket_object> new_socket_object(int family);
void join_ends(const std::shared_ptr<socket_object>& one, const std::shared_ptr<socket_object>& other);

std::deque<std::shared_ptr<operation>>& queue_of(socket_object& socket, pending_kind kind);

// Gives connections that wait to accepts that wait.
void serve_accepts(socket_object& listener);

// Moves bytes from sends to windows and from windows to receives until nothing moves any more, on both ends.
void pump(const std::shared_ptr<socket_object>& socket);

// Ends operations of `socket` with an error; all of them, or the one of `overlapped`, with all other receives where it
// is a receive. Returns how many.
std::size_t end_operations(socket_object& socket, DWORD io_result, const OVERLAPPED* overlapped);
void end_operation(const std::shared_ptr<operation>& op, DWORD io_result, ULONG_PTR bytes);

void record_network_events(socket_object& socket, LONG events);
void reset_end(const std::shared_ptr<socket_object>& socket); // this end learns that the connection is gone
void abandon_end(const std::shared_ptr<socket_object>& socket, bool reset); // this end goes away
std::size_t room_at(const socket_object& receiver);

std::shared_ptr<socket_object> find_listener(const address& to);
bool is_silent(const address& to);

// Connects a program-side or far socket to a listener; null when it is not there or its backlog is full.
bool connect_to_listener(const std::shared_ptr<socket_object>& from, const address& to);

} // namespace fake_win32

#endif
