// SPDX-License-Identifier: MIT

#include "platform.hpp"

#include <unistd.h>

namespace asock {

std::vector<std::string> utf8_arguments(int argc, const char* const* argv)
{
    return argc > 1 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>();
}

void prepare_console() {}

bool standard_error_is_terminal()
{
    return ::isatty(STDERR_FILENO) == 1;
}

void end_process(int status)
{
    ::_exit(status);
}

} // namespace asock
