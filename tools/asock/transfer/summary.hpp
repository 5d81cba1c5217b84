// SPDX-License-Identifier: MIT
//
// What both sides of a file transfer print at the end.

#ifndef ASOCK_TRANSFER_SUMMARY_HPP
#define ASOCK_TRANSFER_SUMMARY_HPP

#include "transfer/wire.hpp"

#include <string>

namespace asock {

// "sent 314572800 bytes in 1.23 s, 243.1 MiB/s", and the sum as sha256sum prints it.
std::string transfer_summary(const std::string& verb, const wire::totals& moved, double seconds,
                             const std::string& file);

} // namespace asock

#endif
