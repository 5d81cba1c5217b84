// SPDX-License-Identifier: MIT
//
// The commands of asock: each says what may be said to it, and runs when that was said. Each function stands in a file
// of the command's name.

#ifndef ASOCK_ARGUMENTS_COMMAND_HPP
#define ASOCK_ARGUMENTS_COMMAND_HPP

#include "network/engine.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <stop_token>

namespace asock {

// What every command takes.
struct common_arguments {
    bool verbose = false;
    engine_options engine;
};

struct command {
    // Owned by the program that it was added to; parsed() tells whether it was asked for.
    CLI::App* parser;
    // To be called when the arguments were parsed. Holds what they said.
    std::function<void(const std::stop_token& stop)> run;
};

// `common` outlives the command.
command add_bench(CLI::App& program, common_arguments& common);
command add_echo(CLI::App& program, common_arguments& common);
command add_receive(CLI::App& program, common_arguments& common);
command add_relay(CLI::App& program, common_arguments& common);
command add_send(CLI::App& program, common_arguments& common);

} // namespace asock

#endif
