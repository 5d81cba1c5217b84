// SPDX-License-Identifier: MIT
//
// What the unit tests of src/win32 have in common: a fresh fake system for each test, the log as the program would see
// it, and a sweep over every failure.

#ifndef ASYNC_SOCKET_TESTS_UNIT_WIN32_FIXTURE_H
#define ASYNC_SOCKET_TESTS_UNIT_WIN32_FIXTURE_H

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "async_socket/log.h"
#include "fake_win32/calls.h"
#include "fake_win32/completions.h"
#include "fake_win32/faults.h"
#include "fake_win32/network.h"
#include "fake_win32/objects.h"
#include "ws2tcpip.h"

namespace unit {

using fake_win32::api;
using fake_win32::call_record;
using fake_win32::calls_of;
using fake_win32::count_of;
using fake_win32::live;
using fake_win32::live_objects;

struct log_message {
    ASYNC_SOCKET_LOG_LEVEL level;
    std::string text;
};

// The library's log, from construction to destruction.
class log_capture {
public:
    log_capture();
    ~log_capture();
    log_capture(const log_capture&) = delete;
    log_capture& operator=(const log_capture&) = delete;

    std::vector<log_message> take();

private:
    static void note(ASYNC_SOCKET_LOG_LEVEL level, const char* message, void* context);

    std::mutex mutex_;
    std::vector<log_message> messages_;
};

// One run of a sweep: the nth Win32 call, or the nth allocation, after arm() fails.
class fault_run {
public:
    fault_run(bool of_allocations, std::size_t nth) : of_allocations_(of_allocations), nth_(nth) {}

    void arm() const;
    // Ends the failing and says whether anything has failed.
    bool disarm();
    bool fired() const { return fired_; }
    std::string name() const;

private:
    bool of_allocations_;
    std::size_t nth_;
    bool fired_ = false;
};

// Runs the scenario again and again, failing one call or allocation further on each time, until nothing fails. After
// each run there must be as much of everything as before, and nothing misused. Returns the number of runs with a
// failure in them, so that a test can see that there were some.
std::size_t for_every_fault(const std::function<void(fault_run&)>& scenario);

// The seed of this run: that of the environment variable FAKE_WIN32_SEED, or a fixed one.
std::uint64_t seed();

class win32_test : public testing::Test {
protected:
    win32_test();
    ~win32_test() override;

    // The log has exactly one message, of level error, and that one names both.
    void expect_refusal(const std::string& function, const std::string& argument);
    // The log has a message that names the function, the system's call and the error's number and text.
    void expect_failure(const std::string& function, const std::string& call, DWORD error);

    log_capture log;
};

// The names of the calls in the order in which they were made, of those that are asked for.
std::vector<api> sequence_of(const std::vector<api>& wanted);

} // namespace unit

namespace fake_win32 {

inline void PrintTo(api function, std::ostream* out)
{
    *out << name_of(function);
}

} // namespace fake_win32

#endif
