// SPDX-License-Identifier: MIT
//
// The addresses of a name, and whose they are.

#ifndef ASOCK_PLATFORM_RESOLVER_HPP
#define ASOCK_PLATFORM_RESOLVER_HPP

#include <string>
#include <vector>

namespace asock {

struct resolved_host {
    std::vector<std::string> addresses; // numeric, in the system's order
    std::string problem;                // what the system says where there is none
};

// It blocks, and nothing interrupts it.
resolved_host resolve(const std::string& host);

// Whether a numeric address is one of this machine. 0.0.0.0 and :: are: a connection to them stays here.
bool is_own_address(const std::string& address);

} // namespace asock

#endif
