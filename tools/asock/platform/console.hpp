// SPDX-License-Identifier: MIT
//
// How the program is started and ended, and what it talks to.

#ifndef ASOCK_PLATFORM_CONSOLE_HPP
#define ASOCK_PLATFORM_CONSOLE_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace asock {

// The arguments in UTF-8, without the program's name.
std::vector<std::string> utf8_arguments(int argc, const char* const* argv);

// Makes the terminal understand UTF-8, where that is not so anyway, until the program ends.
void prepare_console();

bool standard_error_is_terminal();

// Columns of the terminal that standard error is; 0 where nobody knows.
std::size_t terminal_width();

// Writes to standard error what can be written at once, and else nothing. Waits for nobody, not even for another thread
// that is writing there.
void write_last_words(std::string_view text) noexcept;

// Ends the process at once, whatever its other threads are doing.
[[noreturn]] void end_process(int status);

} // namespace asock

#endif
