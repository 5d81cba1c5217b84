// SPDX-License-Identifier: MIT
//
// All that exists in the fake system. One mutex guards all of it; every call holds it while it runs and gives it up
// only to wait. (ThreadSanitizer therefore sees an order between any two calls that Windows would not promise; what it
// does see is memory touched after a call that the completion may already have used.)

#ifndef FAKE_WIN32_WORLD_H
#define FAKE_WIN32_WORLD_H

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "fake_win32/calls.h"
#include "fake_win32/completions.h"
#include "fake_win32/objects.h"
#include "socket_object.h"
#include "thread_pool.h"
#include "ws2tcpip.h"

namespace fake_win32 {

inline constexpr std::chrono::seconds generous_limit{60};

struct event_object {
    bool manual_reset = false;
    bool signaled = false;
    unsigned waiting = 0; // threads inside a wait for it
};

struct armed_fault {
    api function;
    std::size_t remaining; // calls until it fires; 0: every call
    DWORD error;
};

struct address_list {
    std::vector<ADDRINFOW> entries;
    std::vector<sockaddr_storage> addresses;
};

enum class hold : std::uint8_t { nothing, operations, callbacks };

struct world {
    std::mutex mutex;
    std::condition_variable changed; // anything at all
    std::mt19937_64 random;
    std::uintptr_t next_handle = 0;
    std::uint64_t next_sequence = 0;

    std::map<HANDLE, event_object> events;
    std::map<SOCKET, std::shared_ptr<socket_object>> sockets;
    std::vector<std::unique_ptr<_TP_POOL>> pools; // closed ones, too, until the end of the test
    std::vector<std::unique_ptr<_TP_IO>> ios;
    std::vector<std::unique_ptr<_TP_TIMER>> timers;
    _TP_POOL default_pool; // of the process
    std::thread clock;     // calls the timers at their time
    bool clock_stops = false;
    bool timers_held = false;
    std::map<PTP_CALLBACK_ENVIRON, PTP_POOL> environments; // initialized, with the pool set
    std::map<OVERLAPPED*, std::shared_ptr<operation>> operations;
    std::map<ADDRINFOW*, std::unique_ptr<address_list>> address_lists;
    std::size_t winsock_starts = 0;

    std::vector<call_record> calls;
    std::size_t call_counts[static_cast<std::size_t>(api::count)] = {};
    bool recording = true;
    std::vector<armed_fault> faults;
    std::size_t fallible_remaining = 0; // calls until the nth fallible one fails; 0: not armed
    bool fault_fired = false;
    std::set<api> stalled;
    std::vector<misuse_report> misuses;

    at_once mode = at_once::seeded;
    hold holding = hold::nothing;
    DWORD cancel_error = ERROR_OPERATION_ABORTED;
    std::size_t cancels_to_miss = 0;
    std::set<OVERLAPPED*> held_callbacks;
    std::size_t window = 65536;
    std::uint16_t next_port = 49152;
    std::map<std::string, std::vector<std::string>> hosts;
    std::set<std::string> silent_addresses;
    bool has_ipv6 = true;

    HANDLE new_handle();
    bool coin();
    void report(misuse kind, std::string text); // needs the mutex
    void signal(HANDLE event);                  // an event that is still there; nothing otherwise
};

world& the_world();

// Allocations of operator new(std::nothrow); see allocations.cpp.
std::size_t live_allocations();
bool clear_allocation_fault(); // whether it had fired

} // namespace fake_win32

#endif
