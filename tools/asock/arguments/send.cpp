// SPDX-License-Identifier: MIT

#include "transfer/send.hpp"
#include "arguments/shared.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace asock {

namespace {

constexpr const char* examples_of_send = R"(Examples:
  asock send big.iso 192.0.2.7:4000
  asock send big.iso [2001:db8::7]:4000
  tar c photos | asock send - there.example.org:4000

On the other side `asock receive` must be waiting, or begin to within --wait. Done
(status 0) means that the file is on the other side's disk, with the SHA-256 that is
printed.)";

struct send_arguments {
    send_options options;
    progress_arguments progress;
};

} // namespace

command add_send(CLI::App& program, common_arguments& common)
{
    const auto arguments = std::make_shared<send_arguments>();
    CLI::App* const command = program.add_subcommand("send", "Send a file to `asock receive`");
    command->add_option("FILE", arguments->options.file, "The file; - for standard input")
        ->required()
        ->option_text(" ");
    add_peer(*command, arguments->options.receiver, "Where `asock receive` waits");
    add_progress(*command, arguments->options, arguments->progress);
    command
        ->add_option_function<std::uint32_t>(
            "--wait",
            [arguments](const std::uint32_t& seconds) { arguments->options.patience = std::chrono::seconds(seconds); },
            "Try again for this long while nobody listens there")
        ->check(CLI::Range(std::uint32_t{0}, longest_time))
        ->option_text("SECONDS [0]");
    add_timeout(*command, arguments->options.timeout);
    add_common(*command, common, examples_of_send);
    return {command, [arguments, &common](const std::stop_token& stop) {
                arguments->options.engine = common.engine;
                choose_progress(arguments->options, arguments->progress);
                send_file(arguments->options, stop);
            }};
}

} // namespace asock
