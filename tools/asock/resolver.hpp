// SPDX-License-Identifier: MIT
//
// Whether a name has an address. The function stands in platform_resolver_<platform>.cpp.

#ifndef ASOCK_RESOLVER_HPP
#define ASOCK_RESOLVER_HPP

#include <string>

namespace asock {

// Empty for a host that has an address; else what the system says. It blocks, and nothing interrupts it.
std::string why_not_resolvable(const std::string& host);

} // namespace asock

#endif
