// SPDX-License-Identifier: MIT
//
// What else differs from platform to platform. Each function stands in platform_console_<platform>.cpp, the last one in
// platform_limits_<platform>.cpp.

#ifndef ASOCK_PLATFORM_HPP
#define ASOCK_PLATFORM_HPP

#include <cstdint>
#include <string>
#include <vector>

namespace asock {

// The arguments in UTF-8, without the program's name.
std::vector<std::string> utf8_arguments(int argc, const char* const* argv);

// Makes the terminal understand UTF-8, where that is not so anyway.
void prepare_console();

bool standard_error_is_terminal();

// Ends the process at once, whatever its other threads are doing.
[[noreturn]] void end_process(int status);

// Lets the process have as many descriptors as it may have, and returns how many; 0: they are not bounded.
std::uint64_t raise_descriptor_limit();

} // namespace asock

#endif
