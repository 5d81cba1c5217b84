// SPDX-License-Identifier: MIT
//
// The names of arguments, as CLI11 takes them and as people know them.

#ifndef ASOCK_ARGUMENTS_ARGUMENT_NAMES_HPP
#define ASOCK_ARGUMENTS_ARGUMENT_NAMES_HPP

#include <CLI/CLI.hpp>

#include <string>

namespace asock {

// CLI11 2.4 and later refuse a name with a colon. CLI11 knows the argument HOST:PORT under this one; people do not.
inline constexpr const char* peer_argument = "HOST_PORT";

// Shows in a help text what the arguments are called.
class argument_formatter : public CLI::Formatter {
public:
    argument_formatter();

    std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
};

// What CLI11 says is wrong begins with the name of the argument: this is the same with the name that people know.
std::string with_shown_name(std::string problem);

} // namespace asock

#endif
