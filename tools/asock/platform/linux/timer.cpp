// SPDX-License-Identifier: MIT

#include "platform/timer.hpp"

#include <sys/prctl.h>

namespace asock {

void sharpen_timers()
{
    constexpr unsigned long nanoseconds = 1;
    ::prctl(PR_SET_TIMERSLACK, nanoseconds, 0UL, 0UL, 0UL); // where it is refused, 50 us are left
}

} // namespace asock
