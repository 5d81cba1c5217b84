// SPDX-License-Identifier: MIT
//
// What the program holds of the system, and the beginning and the end of a test.

#ifndef FAKE_WIN32_OBJECTS_H
#define FAKE_WIN32_OBJECTS_H

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace fake_win32 {

struct live_objects {
    std::size_t events = 0;
    std::size_t sockets = 0;
    std::size_t pools = 0;
    std::size_t ios = 0;
    std::size_t timers = 0;
    std::size_t environments = 0;
    std::size_t winsock_starts = 0;
    std::size_t address_lists = 0;
    std::size_t allocations = 0; // by operator new(std::nothrow)

    bool operator==(const live_objects&) const = default;
};
std::ostream& operator<<(std::ostream& out, const live_objects& objects);

live_objects live();

// How often operator new(std::nothrow) has given memory since the program began.
std::size_t allocations_made();

// Waits until what is live equals `expected`: the last callback frees after it was counted. False after a generous
// limit.
bool wait_for_live(const live_objects& expected);

// What Windows would punish. The call goes on as well as it can, so that the test ends and can tell.
enum class misuse : std::uint8_t {
    handle_not_open,              // closed twice, used after its close, or never opened
    event_in_use_closed,          // by a pending operation or a waiting thread
    socket_in_use_closed,         // while a call is inside it
    socket_closed_uncancelled,    // with operations pending that CancelIoEx has not ended
    overlapped_freed,             // before the completion was delivered
    overlapped_reused,            // while its operation is pending
    io_not_started,               // an overlapped call without StartThreadpoolIo
    io_never_completed,           // StartThreadpoolIo with neither a completion nor CancelThreadpoolIo
    io_cancelled_without_start,   // CancelThreadpoolIo with nothing to cancel: after a success, or twice
    io_closed_while_outstanding,  // CloseThreadpoolIo with operations or callbacks still to come
    io_waited_inside_callback,    // WaitForThreadpoolIoCallbacks in a callback that is not disassociated: deadlock
    io_created_twice,             // on one socket
    io_not_open,                  // used after its close, or never created
    timer_not_open,               // used after its close, or never created
    timer_waited_inside_callback, // as for an I/O object
    pool_not_open,                // used after its close, or never created
    environment_not_initialized,  // used before Initialize or after Destroy
    environment_not_destroyed,    // initialized again
    instance_not_running,         // a callback instance used outside of its callback
    winsock_unbalanced,           // WSACleanup without WSAStartup, or with sockets still open
    winsock_counted_twice,        // WSAStartup or WSACleanup on two threads at the same time
    address_list_not_live,        // FreeAddrInfoW of what GetAddrInfoW did not give, or twice
    leak                          // found by end()
};

struct misuse_report {
    misuse kind;
    std::string text;
};
std::ostream& operator<<(std::ostream& out, const misuse_report& report);

// Hands out what was reported so far and forgets it.
std::vector<misuse_report> take_misuses();

// Starts a test with nothing in the world. The seed decides in which order and how operations complete.
void begin(std::uint64_t seed);

// Ends the threads of the closed pools, reports what is still live as leaks and empties the world. Returns what was
// reported since begin() or take_misuses(); a test that has any is wrong.
std::vector<misuse_report> end();

} // namespace fake_win32

#endif
