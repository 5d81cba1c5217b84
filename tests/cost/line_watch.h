// SPDX-License-Identifier: MIT
//
// Which cache lines go from thread to thread. The library is compiled as for ThreadSanitizer, whose functions stand in
// line_watch.cpp: they are told of each of its accesses to memory, and keep in mind which thread has written a line
// last and which have had it since. An access to a line that another thread has written since this thread had it last
// is a transfer: what a processor of its own would wait for.
//
// Memory of the program and of the C library is not looked at, and neither is what the kernel does.

#ifndef ASYNC_SOCKET_TESTS_COST_LINE_WATCH_H
#define ASYNC_SOCKET_TESTS_COST_LINE_WATCH_H

#include <cstddef>

namespace cost {

// Of all threads, since the program began. Any thread.
[[nodiscard]] std::size_t line_transfers();
// The same of all accesses.
[[nodiscard]] std::size_t accesses();

// Memory of before may belong to somebody else by now: nobody has written any line. Where no other thread is in the
// library.
void forget_lines();

// Prints where the latest transfers were, as addresses in the program (addr2line -e PROGRAM -f).
void print_latest_transfers();

} // namespace cost

#endif
