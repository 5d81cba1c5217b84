// SPDX-License-Identifier: MIT

#include "cli.hpp"
#include "platform.hpp"
#include "stop_signal.hpp"

#include <cstdio>
#include <exception>

int main(int argc, char** argv)
{
    try {
        asock::prepare_console();
        const asock::stop_signal stop;
        return static_cast<int>(
            asock::run_command_line(asock::utf8_arguments(argc, argv), stop.token(), stop.impatient_token()));
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "asock: %s\n", problem.what());
        return static_cast<int>(asock::exit_code::failure);
    }
}
