// SPDX-License-Identifier: MIT

#include "arguments/cli.hpp"

#include "arguments/argument_names.hpp"
#include "arguments/command.hpp"
#include "arguments/first_word.hpp"
#include "network/diagnostics.hpp"
#include "platform/text.hpp"
#include "terminal/output.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <iterator>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace asock {

namespace {

constexpr const char* version_text = "asock " ASOCK_VERSION;

constexpr const char* program_examples = R"(Examples:
  Move a file from one machine to another:
    there $ asock receive --listen 0.0.0.0:4000 big.iso
    here  $ asock send big.iso there.example.org:4000

  Measure a server on this machine:
    asock echo --port 4001
    asock bench 127.0.0.1:4001 --connections 100

asock COMMAND --help, or asock help COMMAND, tells more about each command.
Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.)";

void complain(const std::string& what)
{
    std::fprintf(stderr, "asock: %s\n", what.c_str());
}

// Help and version are asked for by exceptions, too.
exit_code explain_usage(const CLI::App& program, const CLI::ParseError& problem)
{
    if (problem.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
        std::ostringstream text;
        program.exit(problem, text, text);
        print(text.str());
        return exit_code::success;
    }
    const auto chosen = program.get_subcommands();
    const std::string command = chosen.empty() ? "asock" : "asock " + chosen.front()->get_name();
    std::string what = with_shown_name(problem.what());
    std::replace(what.begin(), what.end(), '\n', ' ');
    complain(what + "; `" + command + " --help` shows how it is used");
    return exit_code::usage;
}

} // namespace

exit_code run_command_line(const std::vector<std::string>& arguments, const std::stop_token& stop)
{
    CLI::App program("Moves files, forwards connections and measures servers over asynchronous sockets", "asock");
    program.formatter(std::make_shared<argument_formatter>()); // its subcommands inherit it
    program.set_version_flag("--version", version_text, "Print the version");
    program.set_help_flag("-h,--help", "Print this help");
    program.allow_windows_style_options(false); // "/file" is a file everywhere; its subcommands inherit it
    program.require_subcommand(1);
    program.footer(program_examples);
    common_arguments common;
    const std::array commands = {add_echo(program, common), add_send(program, common), add_receive(program, common),
                                 add_relay(program, common), add_bench(program, common)};
    std::vector<std::string> names;
    std::transform(commands.begin(), commands.end(), std::back_inserter(names),
                   [](const command& each) { return each.parser->get_name(); });
    const std::vector<std::string> words = with_help_as_option(arguments);
    if (const std::string problem = problem_with_first_word(words, names); !problem.empty()) {
        complain(problem + "; `asock --help` tells more");
        return exit_code::usage;
    }
    try {
        // CLI11 takes the last argument first.
        program.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ParseError& problem) {
        return explain_usage(program, problem);
    }

    const diagnostics library_messages(common.verbose);
    try {
        const auto asked_for = [](const command& each) { return each.parser->parsed(); };
        std::find_if(commands.begin(), commands.end(), asked_for)->run(stop);
    } catch (const interrupted& reason) {
        complain(reason.what());
        return exit_code::interrupted;
    } catch (const std::system_error& reason) {
        complain("the system refuses: " + error_text(reason.code())); // its own text begins with a function's name
        return exit_code::failure;
    } catch (const std::bad_alloc&) {
        complain("there is not enough memory");
        return exit_code::failure;
    } catch (const std::exception& reason) {
        complain(reason.what());
        return exit_code::failure;
    }
    return exit_code::success;
}

} // namespace asock
