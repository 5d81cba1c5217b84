// SPDX-License-Identifier: MIT
//
// What a relay says on standard error while it runs: notes, and once a second how things stand.

#ifndef ASOCK_RELAY_DISPLAY_HPP
#define ASOCK_RELAY_DISPLAY_HPP

#include "relay/counters.hpp"
#include "terminal/live_line.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace asock {

// It writes on a thread of its own: a standard error that nobody reads holds up nobody but this one.
class relay_display {
public:
    // live: with the line of figures.
    relay_display(const relay_counters& counters, bool live, bool is_terminal);

    // A line of its own. From any thread. When there are far too many, some are dropped.
    void note(const std::string& text);

private:
    void run(const std::stop_token& stop);
    void write_notes(std::unique_lock<std::mutex>& lock);

    const relay_counters& counters_;
    const bool live_;
    live_line line_;
    std::mutex mutex_; // for the notes
    std::condition_variable_any changed_;
    std::vector<std::string> notes_;
    std::jthread writer_; // ends before the rest is destroyed
};

} // namespace asock

#endif
