// SPDX-License-Identifier: MIT
//
// How far a transfer has come, on standard error: a bar that is redrawn in a terminal, a line now and then elsewhere.

#ifndef ASOCK_TERMINAL_PROGRESS_HPP
#define ASOCK_TERMINAL_PROGRESS_HPP

#include "terminal/live_line.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace asock {

struct progress_state {
    std::uint64_t done = 0;
    std::optional<std::uint64_t> total; // nothing where nobody knows
    double seconds = 0;
};

// "[=====>    ]  55%  165.0 MiB of 300.0 MiB  210.0 MiB/s  0:01 left"; without a total "165.0 MiB  210.0 MiB/s  0:03"
// Without the bar where all of it is longer than there is room for.
std::string progress_line(const progress_state& state, std::size_t room = std::string::npos);

class progress {
public:
    enum class style { none, bar, lines };

    // when_asked: even where standard error is no terminal. never: whatever else.
    static style choose(bool when_asked, bool never, bool is_terminal);

    // The bar is cleared when this is destroyed.
    explicit progress(style chosen);

    // Begins to count; before, nothing is shown.
    void start(std::optional<std::uint64_t> total);
    void update(std::uint64_t done);

    // Shows the last state, whole, and leaves it on the screen.
    void finish(std::uint64_t done);

private:
    using clock = std::chrono::steady_clock;

    void show(std::uint64_t done, clock::time_point now);

    style style_;
    std::optional<std::uint64_t> total_;
    clock::time_point started_;
    clock::time_point next_;
    live_line line_;
};

} // namespace asock

#endif
