// SPDX-License-Identifier: MIT

#include "terminal/live_line.hpp"

#include "platform/console.hpp"

#include <cstdio>

namespace asock {

std::size_t live_line::room() const
{
    const std::size_t width = redrawn_ ? terminal_width() : 0;
    return width > 1 ? width - 1 : std::string::npos; // in the last column the cursor may go
                                                      // on to the next line
}

void live_line::show(const std::string& text)
{
    if (redrawn_) {
        const std::string shown = text.substr(0, room());
        const std::size_t leftover = width_shown_ > shown.size() ? width_shown_ - shown.size() : 0;
        std::fprintf(stderr, "\r%s%s", shown.c_str(), std::string(leftover, ' ').c_str());
        width_shown_ = shown.size();
    } else {
        std::fprintf(stderr, "%s\n", text.c_str());
    }
    std::fflush(stderr);
}

void live_line::clear()
{
    if (width_shown_ > 0) {
        std::fprintf(stderr, "\r%s\r", std::string(width_shown_, ' ').c_str());
        std::fflush(stderr);
        width_shown_ = 0;
    }
}

void live_line::keep()
{
    if (width_shown_ > 0) {
        std::fputc('\n', stderr);
        std::fflush(stderr);
        width_shown_ = 0;
    }
}

} // namespace asock
