// SPDX-License-Identifier: MIT
//
// The library's messages: printed when the person asks for them, and otherwise kept to explain a failure. What the
// person must know while all goes on is printed in words of the program's own.

#ifndef ASOCK_NETWORK_DIAGNOSTICS_HPP
#define ASOCK_NETWORK_DIAGNOSTICS_HPP

#include <string>

namespace asock {

// Receives the library's messages while it exists. At most one exists at a time.
class diagnostics {
public:
    // verbose: every message goes to standard error as well.
    explicit diagnostics(bool verbose);
    ~diagnostics();
    diagnostics(const diagnostics&) = delete;
    diagnostics& operator=(const diagnostics&) = delete;
};

// Forgets the errors reported so far. To be called before a call whose failure is to be explained.
void forget_library_error();

// `what_failed`, followed by the last error that the library has reported where there is one.
std::string with_library_error(const std::string& what_failed);

} // namespace asock

#endif
