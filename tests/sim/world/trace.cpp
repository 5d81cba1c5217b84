// SPDX-License-Identifier: MIT

#include "world/trace.h"

#include <cinttypes>
#include <cstdio>

namespace sim {

void trace::line(std::int64_t now, int thread, const char* text)
{
    char whole[320];
    const int length = std::snprintf(whole, sizeof whole, "%12" PRId64 ".%03d us  thread %d  %s\n", now / 1000,
                                     static_cast<int>(now % 1000), thread, text);
    // FNV-1a
    for (int i = 0; i < length && whole[i] != '\0'; ++i) {
        hash_ = (hash_ ^ static_cast<unsigned char>(whole[i])) * 0x100000001b3U;
    }
    ++lines_;
    if (is_printed_) {
        std::fputs(whole, stdout);
    }
}

} // namespace sim
