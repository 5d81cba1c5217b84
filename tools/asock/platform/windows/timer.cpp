// SPDX-License-Identifier: MIT

#include "platform/timer.hpp"

#include <windows.h>

#include <timeapi.h>

namespace asock {

// For the whole process, and until it ends.
void sharpen_timers()
{
    constexpr UINT milliseconds = 1;
    timeBeginPeriod(milliseconds);
}

} // namespace asock
