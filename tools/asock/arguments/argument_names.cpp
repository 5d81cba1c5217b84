// SPDX-License-Identifier: MIT

#include "arguments/argument_names.hpp"

#include <string_view>

namespace asock {

namespace {

// CLI11 2.5 and later fill the lines of a footer, and the examples there with them, unless told not to.
void keep_lines_of_footer(auto& formatter)
{
    if constexpr (requires { formatter.enable_footer_formatting(false); }) {
        formatter.enable_footer_formatting(false);
    }
}

} // namespace

std::string with_shown_name(std::string problem)
{
    constexpr std::string_view known = peer_argument;
    constexpr std::string_view shown = "HOST:PORT";
    if (std::string_view(problem).substr(0, known.size()) == known) {
        problem.replace(0, known.size(), shown);
    }
    return problem;
}

argument_formatter::argument_formatter()
{
    keep_lines_of_footer(*this);
}

std::string argument_formatter::make_option_name(const CLI::Option* option, bool is_positional) const
{
    return with_shown_name(CLI::Formatter::make_option_name(option, is_positional));
}

} // namespace asock
