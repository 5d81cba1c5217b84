// SPDX-License-Identifier: MIT
//
// What a command prints on standard output.

#ifndef ASOCK_TERMINAL_OUTPUT_HPP
#define ASOCK_TERMINAL_OUTPUT_HPP

#include <string>

namespace asock {

// The text has left the program when this returns. Throws failure where it cannot be written, as on a full disk. A
// standard output that was closed at the start takes everything.
void print(const std::string& text);

} // namespace asock

#endif
