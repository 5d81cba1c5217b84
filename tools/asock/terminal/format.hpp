// SPDX-License-Identifier: MIT
//
// Numbers as people read them.

#ifndef ASOCK_TERMINAL_FORMAT_HPP
#define ASOCK_TERMINAL_FORMAT_HPP

#include <cstdint>
#include <string>

namespace asock {

// "512 B", "1.5 KiB", "300.0 MiB", "10.0 GiB"
std::string format_bytes(std::uint64_t bytes);

// "243.1 MiB/s"; "-" while no time has passed
std::string format_rate(std::uint64_t bytes, double seconds);

// Mebibytes a second; 0 while no time has passed.
double mebibytes_per_second(std::uint64_t bytes, double seconds);

// "0:07", "12:00", "1:02:03"
std::string format_clock(double seconds);

// "950 ns", "12.3 us", "4.56 ms", "1.20 s"
std::string format_latency(std::uint64_t nanoseconds);

// With the given number of digits behind the point, which is a point whatever the locale.
std::string format_fixed(double value, int digits);

} // namespace asock

#endif
