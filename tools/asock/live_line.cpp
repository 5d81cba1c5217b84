// SPDX-License-Identifier: MIT

#include "live_line.hpp"

#include <cstdio>

namespace asock {

void live_line::show(const std::string& text)
{
    if (redrawn_) {
        const std::size_t leftover = width_shown_ > text.size() ? width_shown_ - text.size() : 0;
        std::fprintf(stderr, "\r%s%s", text.c_str(), std::string(leftover, ' ').c_str());
        width_shown_ = text.size();
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
