// SPDX-License-Identifier: MIT

#include "arguments/listening.hpp"
#include "arguments/shared.hpp"
#include "relay/run.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace asock {

namespace {

constexpr const char* examples_of_relay = R"(Examples:
  asock relay --listen 0.0.0.0:8080 --to 10.0.0.5:80
  asock relay --listen [::]:5432 --to db.example.org:5432 --idle-timeout 600 --stats
  asock relay --listen 127.0.0.1:0 --to 127.0.0.1:4001    on a free port, which is printed:
    listening on 127.0.0.1:40123

When one side ends its stream, so does the other, while the opposite direction goes on;
when one side resets, the other is reset, when it has got what was said before. Further
connections than --max-connections wait unaccepted. Ctrl-C or SIGTERM: no new ones, the
others may end in order; twice: at once.)";

void add_seconds(CLI::App& command, const char* name, std::chrono::milliseconds& time, double least,
                 const char* meaning)
{
    constexpr double longest = longest_time;
    command
        .add_option_function<double>(
            name,
            [&time](const double& seconds) {
                time = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
            },
            meaning)
        ->check(check_finite)
        ->check(CLI::Range(least, longest))
        ->option_text("SECONDS [" + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) +
                      "]");
}

} // namespace

command add_relay(CLI::App& program, common_arguments& common)
{
    constexpr std::uint32_t most_connections = 1000000;
    const auto options = std::make_shared<relay_options>();
    CLI::App* const command = program.add_subcommand("relay", "Forward connections to another address, both ways");
    add_listen(*command, options->listen_at)->required()->option_text("HOST:PORT (required)");
    command
        ->add_option_function<std::string>(
            "--to", [options](const std::string& text) { options->target = endpoint_from(text); },
            "The target, which each connection is forwarded to")
        ->required()
        ->check(check_peer)
        ->option_text("HOST:PORT (required)");
    command->add_option("--max-connections", options->max_connections, "Connections at the same time")
        ->check(CLI::Range(std::uint32_t{1}, most_connections))
        ->option_text("N [what descriptors allow]");
    add_seconds(*command, "--idle-timeout", options->idle_timeout, 0,
                "Reset a connection on which nothing has moved for this long; 0: never");
    add_seconds(*command, "--connect-timeout", options->connect_timeout, 0.001,
                "Give up when the target has not answered for this long");
    add_seconds(*command, "--drain-timeout", options->drain_timeout, 0,
                "At the end, how long the connections that are left may take");
    command->add_flag("--stats", options->show_figures, "Print the figures on standard error once a second");
    add_threads(*command, common);
    add_common(*command, common, examples_of_relay);
    return {command, [options, &common](const std::stop_token& stop) {
                options->engine = common.engine;
                run_relay(*options, stop);
            }};
}

} // namespace asock
