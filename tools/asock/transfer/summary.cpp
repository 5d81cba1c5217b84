// SPDX-License-Identifier: MIT

#include "transfer/summary.hpp"

#include "terminal/format.hpp"

namespace asock {

std::string transfer_summary(const std::string& verb, const wire::totals& moved, double seconds,
                             const std::string& file)
{
    return verb + " " + std::to_string(moved.bytes) + " bytes in " + format_fixed(seconds, 2) + " s, " +
           format_rate(moved.bytes, seconds) + "\nsha256 " + to_hex(moved.digest) + "  " + file + "\n";
}

} // namespace asock
