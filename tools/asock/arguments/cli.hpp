// SPDX-License-Identifier: MIT
//
// The command line: what may be said, and what it does.

#ifndef ASOCK_ARGUMENTS_CLI_HPP
#define ASOCK_ARGUMENTS_CLI_HPP

#include "terminal/error.hpp"

#include <stop_token>
#include <string>
#include <vector>

namespace asock {

// Runs the command that the arguments (UTF-8, without the program's name) ask for.
// `stop`: the person wants it to end.
exit_code run_command_line(const std::vector<std::string>& arguments, const std::stop_token& stop);

} // namespace asock

#endif
