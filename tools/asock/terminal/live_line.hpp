// SPDX-License-Identifier: MIT
//
// A line on standard error that shows how things stand: redrawn in place in a terminal, one below the other elsewhere.

#ifndef ASOCK_TERMINAL_LIVE_LINE_HPP
#define ASOCK_TERMINAL_LIVE_LINE_HPP

#include <cstddef>
#include <string>

namespace asock {

class live_line {
public:
    explicit live_line(bool redrawn) : redrawn_(redrawn) {}

    // Clears what is redrawn, so that what is printed next stands on a line of its own.
    ~live_line() { clear(); }
    live_line(const live_line&) = delete;
    live_line& operator=(const live_line&) = delete;

    // What does not fit into a terminal is left out: a line that goes on in the next one cannot be redrawn.
    void show(const std::string& text);

    // How many characters fit.
    std::size_t room() const;

    // Takes what is redrawn off the screen.
    void clear();

    // Leaves what is redrawn on the screen, and goes on below it.
    void keep();

private:
    const bool redrawn_;
    std::size_t width_shown_ = 0; // of what stands in the terminal now
};

} // namespace asock

#endif
