// SPDX-License-Identifier: MIT
//
// How exactly a thread wakes up.

#ifndef ASOCK_PLATFORM_TIMER_HPP
#define ASOCK_PLATFORM_TIMER_HPP

namespace asock {

// Lets the calling thread wake up from a timed wait as soon as the system can, instead of together with others.
void sharpen_timers();

} // namespace asock

#endif
