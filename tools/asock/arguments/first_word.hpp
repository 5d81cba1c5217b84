// SPDX-License-Identifier: MIT
//
// The first argument, which says what the program is to do.

#ifndef ASOCK_ARGUMENTS_FIRST_WORD_HPP
#define ASOCK_ARGUMENTS_FIRST_WORD_HPP

#include <string>
#include <vector>

namespace asock {

// `help COMMAND` as `COMMAND --help`, and `help` as `--help`; anything else as it is.
std::vector<std::string> with_help_as_option(std::vector<std::string> arguments);

// What is wrong with the first argument, in words for the one who wrote it; empty where it is one of the commands, or
// an option.
std::string problem_with_first_word(const std::vector<std::string>& arguments,
                                    const std::vector<std::string>& commands);

// What is meant where somebody gives a URL for HOST:PORT; empty for everything else.
std::string endpoint_of_url(const std::string& text);

} // namespace asock

#endif
