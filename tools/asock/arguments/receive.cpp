// SPDX-License-Identifier: MIT

#include "transfer/receive.hpp"
#include "arguments/listening.hpp"
#include "arguments/shared.hpp"

#include <array>
#include <memory>
#include <string>

namespace asock {

namespace {

constexpr const char* examples_of_receive = R"(Examples:
  asock receive --listen 0.0.0.0:4000 big.iso    from any machine
  asock receive 4000 big.iso                     from this machine only
  asock receive 0 big.iso                        on a free port, which is printed
  asock receive --listen [::]:4000 - | tar x     what comes goes on into a pipe

The file gets its name when it is complete and its SHA-256 is right; until then, and if
it fails, there is nothing of that name (or, with --force, the file that was there
before). Who connects and is no `asock send` is dropped, and the wait goes on.)";

struct receive_arguments {
    std::array<std::string, 2> words; // PORT and FILE; or FILE alone
    receive_options options;
    progress_arguments progress;
};

// Of the two words only the file is left where --listen has said the port.
void understand(receive_arguments& arguments, bool has_listen)
{
    auto& [port, file] = arguments.words;
    if (has_listen) {
        if (!file.empty()) {
            throw CLI::ExtrasError({file});
        }
        file.swap(port);
    } else if (const std::string problem = check_port(port); !port.empty() && !problem.empty()) {
        throw CLI::ValidationError("PORT", problem);
    }
    if (!has_listen && port.empty()) {
        throw CLI::RequiredError("PORT, or --listen HOST:PORT");
    }
    if (file.empty()) {
        throw CLI::RequiredError("FILE");
    }
    arguments.options.file = file;
    if (!has_listen) {
        arguments.options.listen_at.port = async_socket::endpoint::parse_port(port).value_or(0);
    }
}

} // namespace

command add_receive(CLI::App& program, common_arguments& common)
{
    const auto arguments = std::make_shared<receive_arguments>();
    CLI::App* const command = program.add_subcommand("receive", "Wait for one `asock send` and write its file");
    CLI::Option* const listen = add_listen(*command, arguments->options.listen_at);
    command->add_option("PORT", arguments->words[0], "Port to listen on, unless --listen says it; 0 picks a free one")
        ->option_text(" ");
    command->add_option("FILE", arguments->words[1], "The file to write; - for standard output")->option_text(" ");
    add_address(*command, arguments->options.listen_at, listen);
    command->parse_complete_callback([arguments, listen] { understand(*arguments, listen->count() > 0); });
    command->add_flag("-f,--force", arguments->options.overwrite, "Replace a file that exists already");
    add_progress(*command, arguments->options, arguments->progress);
    add_timeout(
        *command, arguments->options.timeout,
        "Give up when the sender has done nothing for this long, or, if this is said, when none has come; 0: never");
    add_common(*command, common, examples_of_receive);
    return {command, [arguments, command, &common](const std::stop_token& stop) {
                arguments->options.engine = common.engine;
                // Without it, a person may take any time to begin to send.
                if (command->count("--timeout") > 0) {
                    arguments->options.patience = arguments->options.timeout;
                }
                choose_progress(arguments->options, arguments->progress);
                receive_file(arguments->options, stop);
            }};
}

} // namespace asock
