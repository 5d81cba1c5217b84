// SPDX-License-Identifier: MIT

#include "arguments/listening.hpp"
#include "arguments/shared.hpp"
#include "echo/serve.hpp"

#include <memory>

namespace asock {

namespace {

constexpr const char* examples_of_echo = R"(Examples:
  asock echo --port 4001                  for programs on this machine
  asock echo --listen [::]:4001           for everybody, over IPv6 and IPv4
  asock echo --listen localhost:0         on a free port, which is printed:
    listening on 127.0.0.1:40123

Ctrl-C closes every connection and ends it.)";

} // namespace

command add_echo(CLI::App& program, common_arguments& common)
{
    const auto options = std::make_shared<echo_options>();
    CLI::App* const command =
        program.add_subcommand("echo", "Send back whatever arrives, on any number of connections");
    CLI::Option* const listen = add_listen(*command, options->listen_at);
    CLI::Option* const port =
        command->add_option("-p,--port", options->listen_at.port, "In place of --listen: a port of this machine")
            ->check(check_port)
            ->excludes(listen)
            ->option_text("PORT");
    add_address(*command, options->listen_at, listen);
    command->parse_complete_callback([listen, port] {
        if (listen->count() + port->count() == 0) {
            throw CLI::RequiredError("--listen HOST:PORT or --port PORT");
        }
    });
    add_threads(*command, common);
    add_common(*command, common, examples_of_echo);
    return {command, [options, &common](const std::stop_token& stop) {
                options->engine = common.engine;
                serve_echo(*options, stop);
            }};
}

} // namespace asock
