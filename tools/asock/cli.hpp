// SPDX-License-Identifier: MIT
//
// The command line: what may be said, and what it does.

#ifndef ASOCK_CLI_HPP
#define ASOCK_CLI_HPP

#include "error.hpp"

#include <stop_token>
#include <string>
#include <vector>

namespace asock {

// Runs the command that the arguments (UTF-8, without the program's name) ask for.
//
//   stop       the person wants it to end
//   impatient  and does not want to wait for that
exit_code run_command_line(const std::vector<std::string>& arguments, const std::stop_token& stop,
                           const std::stop_token& impatient);

} // namespace asock

#endif
