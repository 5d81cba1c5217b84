// SPDX-License-Identifier: MIT
//
// The log has a line for each refused call and each failure of the system, and no other (async_socket/log.h).

#include "oracle/oracle.h"

#include <algorithm>
#include <cstring>

namespace sim {

void oracle::call_begins(const char* function)
{
    calls_[scheduler::thread_number()].push_back({function, 0, 0});
}

void oracle::call_ends(bool is_refused)
{
    std::vector<public_call>& stack = calls_[scheduler::thread_number()];
    const public_call ended = stack.back();
    stack.pop_back();
    if (is_refused && ended.refusals + ended.failures != 1) {
        fail("%s is refused, and the log has %d lines about it", ended.function, ended.refusals + ended.failures);
    }
    if (!is_refused && ended.refusals != 0) {
        fail("%s is not refused, and the log says so", ended.function);
    }
}

// "FUNCTION: CALL failed: TEXT (NUMBER)", "FUNCTION: ARGUMENT REASON", or one of the two warnings.
void oracle::is_logged(ASYNC_SOCKET_LOG_LEVEL level, const std::string& message)
{
    std::vector<public_call>& stack = calls_[scheduler::thread_number()];
    const std::size_t colon = message.find(": ");
    const std::string function = message.substr(0, colon);
    public_call* const current = stack.empty() || function != stack.back().function ? nullptr : &stack.back();
    const bool is_failure = message.find(" failed: ") != std::string::npos;
    if (level == ASYNC_SOCKET_LOG_LEVEL_WARNING && message.find("short of descriptors") != std::string::npos) {
        ++lines_.shortages;
    } else if (level == ASYNC_SOCKET_LOG_LEVEL_WARNING && message.find("in a ring") != std::string::npos) {
        // A close of the ring may have returned between the finding and the line.
        const auto was_closed = [](const auto& each) { return each->closes_begun != 0; };
        if (std::count_if(sockets.begin(), sockets.end(), was_closed) < 2) {
            fail("the log tells of a ring that there cannot be: %s", message.c_str());
        }
        ++lines_.rings;
    } else if (level != ASYNC_SOCKET_LOG_LEVEL_ERROR) {
        fail("the log has a line that nothing asks for: %s", message.c_str());
    } else if (!is_failure && current == nullptr) {
        fail("the log tells of a call that nobody makes: %s", message.c_str());
    } else if (!is_failure) {
        ++current->refusals;
    } else if (message.find(": send failed: ") != std::string::npos) {
        ++lines_.sends;
    } else if (message.find(": receive failed: ") != std::string::npos) {
        ++lines_.receives;
    } else if (message.find(": poll failed: ") != std::string::npos) {
        ++lines_.notifications;
    } else if (function == "async_socket_connect_async") {
        ++lines_.connects;
    } else if (current != nullptr) {
        ++current->failures;
    } else if (message.find(": operator new failed: ") != std::string::npos) {
        ++lines_.allocations;
    } else {
        fail("the log has a line that nothing asks for: %s", message.c_str());
    }
}

// Everything has ended.
void oracle::judge_lines() const
{
    lines expected;
    int failed_connects = 0;
    for (const auto& each : operations) {
        if (!each->accepted) {
            continue;
        }
        expected.sends += each->what == verb::send && each->result == ASYNC_SOCKET_SEND_ERROR ? 1 : 0;
        expected.receives += each->what == verb::receive && each->result == ASYNC_SOCKET_RECEIVE_ERROR ? 1 : 0;
        const bool is_notification = each->what == verb::notify_in || each->what == verb::notify_out;
        expected.notifications += is_notification && each->result == ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR ? 1 : 0;
        const bool has_failed = each->result == ASYNC_STATUS_REFUSED || each->result == ASYNC_STATUS_NO_RESOURCES ||
                                each->result == ASYNC_STATUS_NAME_NOT_RESOLVED;
        failed_connects += each->what == verb::connect && has_failed ? 1 : 0;
    }
    if (lines_.sends != expected.sends || lines_.receives != expected.receives ||
        lines_.notifications != expected.notifications) {
        fail("the log tells of %d sends, %d receives and %d notifications that failed, and there were %d, %d and %d",
             lines_.sends, lines_.receives, lines_.notifications, expected.sends, expected.receives,
             expected.notifications);
    }
    // Others may have failed before they were cancelled.
    if (lines_.connects < failed_connects ||
        lines_.connects > world_.past.failed_connects + world_.past.failed_allocations) {
        fail("the log tells of %d connects that failed, and there were %d, of %d that the system has failed",
             lines_.connects, failed_connects, world_.past.failed_connects);
    }
    if (lines_.allocations > world_.past.failed_allocations) {
        fail("the log tells of %d allocations that failed, and there were %d", lines_.allocations,
             world_.past.failed_allocations);
    }
    if (lines_.shortages > world_.past.shortages) {
        fail("the log tells of %d shortages, and there were %d", lines_.shortages, world_.past.shortages);
    }
}

} // namespace sim
