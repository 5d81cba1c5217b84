// SPDX-License-Identifier: MIT

#include "cli.hpp"

#include "bench.hpp"
#include "diagnostics.hpp"
#include "echo.hpp"
#include "endpoint.hpp"
#include "platform.hpp"
#include "receiver.hpp"
#include "relay.hpp"
#include "sender.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>

namespace asock {

namespace {

constexpr const char* version_text = "asock " ASOCK_VERSION;

constexpr const char* program_examples = R"(Examples:
  Move a file from one machine to another:
    there $ asock receive --address 0.0.0.0 4000 big.iso
    here  $ asock send big.iso there.example.org:4000

  Measure a server on this machine:
    asock echo --port 4001
    asock bench 127.0.0.1:4001 --connections 100

asock COMMAND --help tells more about each command.
Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.)";

constexpr const char* echo_examples = R"(Examples:
  asock echo --port 4001                  for programs on this machine
  asock echo --port 4001 --address ::     for everybody, over IPv6 and IPv4
  asock echo --port 0                     on a free port, which is printed:
    listening on 127.0.0.1:40123

Ctrl-C closes every connection and ends it.)";

constexpr const char* send_examples = R"(Examples:
  asock send big.iso 192.0.2.7:4000
  asock send big.iso [2001:db8::7]:4000
  tar c photos | asock send - there.example.org:4000

On the other side `asock receive` must be waiting. Done (status 0) means that the file
is on the other side's disk, with the SHA-256 that is printed.)";

constexpr const char* receive_examples = R"(Examples:
  asock receive --address 0.0.0.0 4000 big.iso   from any machine
  asock receive 4000 big.iso                     from this machine only
  asock receive 0 big.iso                        on a free port, which is printed
  asock receive --address :: 4000 - | tar x      what comes goes on into a pipe

The file gets its name when it is complete and its SHA-256 is right; until then, and if
it fails, there is nothing of that name (or the file that was there before).)";

constexpr const char* bench_examples = R"(Examples:
  asock bench 127.0.0.1:4001
  asock bench 127.0.0.1:4001 --connections 100 --size 64KiB --seconds 10
  asock bench [::1]:4001 --json | jq .latency_us.p99

One message is on its way on each connection; what comes back is compared with what was
sent. `asock echo` is a server to try it on.)";

constexpr const char* relay_examples = R"(Examples:
  asock relay --listen 0.0.0.0:8080 --to 10.0.0.5:80
  asock relay --listen [::]:5432 --to db.example.org:5432 --idle-timeout 600 --stats
  asock relay --listen 127.0.0.1:0 --to 127.0.0.1:4001    on a free port, which is printed:
    listening on 127.0.0.1:40123

When one side ends its stream, so does the other, while the opposite direction goes on;
when one side resets, the other is reset. Further connections than --max-connections wait
unaccepted. Ctrl-C or SIGTERM: no new ones, the others may end in order; twice: at once.)";

struct parsed_arguments {
    bool verbose = false;
    engine_options engine;
    bool show_progress = false;
    std::string address = "127.0.0.1";
    std::string peer;
    std::uint16_t port = 0;
    std::uint32_t timeout_seconds = 0;
    transfer_options transfer;
    echo_options echo;
    bench_options bench;
    relay_options relay;
    std::string listen_at;
    double connect_timeout = 10;
    double idle_timeout = 0;
    double drain_timeout = 30;
};

std::string check_endpoint(const std::string& text)
{
    std::string problem;
    return parse_endpoint(text, problem) ? std::string() : "'" + text + "': " + problem;
}

std::string check_listen_endpoint(const std::string& text)
{
    std::string problem;
    return parse_listen_endpoint(text, problem) ? std::string() : "'" + text + "': " + problem;
}

std::string check_port(const std::string& text)
{
    return parse_port(text) ? std::string() : "'" + text + "': a port is a number from 0 to 65535";
}

endpoint endpoint_from(const std::string& text)
{
    std::string problem;
    return parse_endpoint(text, problem).value_or(endpoint{});
}

void add_common(CLI::App& command, parsed_arguments& arguments, const char* examples)
{
    command.add_flag("-v,--verbose", arguments.verbose, "Print what the library reports, on standard error");
    // On a platform with one back end there is nothing to choose.
    if (const std::vector<std::string> backends = backend_names(); backends.size() > 1) {
        command
            .add_option("--backend", arguments.engine.backend,
                        "How the threads wait: " + CLI::detail::join(backends, ", "))
            ->check(CLI::IsMember(backends))
            ->option_text("NAME [" + backends.front() + "]");
    }
    command.footer(examples);
}

void add_peer(CLI::App& command, parsed_arguments& arguments, const char* meaning)
{
    command.add_option("HOST:PORT", arguments.peer, meaning)->required()->check(check_endpoint)->option_text(" ");
}

void add_address(CLI::App& command, parsed_arguments& arguments)
{
    command.add_option("--address", arguments.address, "Numeric address to listen on; 0.0.0.0 or :: for all")
        ->option_text("ADDRESS [127.0.0.1]");
}

void add_timeout(CLI::App& command, parsed_arguments& arguments, std::uint32_t seconds)
{
    constexpr std::uint32_t longest = 86400;
    command
        .add_option_function<std::uint32_t>(
            "--timeout", [&arguments](const std::uint32_t& value) { arguments.timeout_seconds = value; },
            "Give up when the other side has done nothing for this long; 0: never")
        ->check(CLI::Range(std::uint32_t{0}, longest))
        ->option_text("SECONDS [" + std::to_string(seconds) + "]");
    command.preparse_callback([&arguments, seconds](std::size_t) { arguments.timeout_seconds = seconds; });
}

void add_threads(CLI::App& command, parsed_arguments& arguments)
{
    constexpr std::uint32_t most = 1024;
    command.add_option("--threads", arguments.engine.threads, "Threads that do the work")
        ->check(CLI::Range(std::uint32_t{1}, most))
        ->option_text("N [the library's choice]");
}

void add_progress(CLI::App& command, parsed_arguments& arguments)
{
    auto* const quiet = command.add_flag("-q,--quiet", arguments.transfer.quiet, "Print no progress and no summary");
    quiet->option_text(" ");
    command.add_flag("--progress", arguments.show_progress, "Show progress even where standard error is no terminal")
        ->excludes(quiet)
        ->option_text(" ");
}

CLI::App* add_echo(CLI::App& program, parsed_arguments& arguments)
{
    CLI::App* const command =
        program.add_subcommand("echo", "Send back whatever arrives, on any number of connections");
    command->add_option("--port", arguments.port, "Port to listen on; 0 picks a free one")
        ->required()
        ->check(check_port)
        ->option_text("PORT (required)");
    add_address(*command, arguments);
    add_threads(*command, arguments);
    add_common(*command, arguments, echo_examples);
    return command;
}

CLI::App* add_send(CLI::App& program, parsed_arguments& arguments)
{
    CLI::App* const command = program.add_subcommand("send", "Send a file to `asock receive`");
    command->add_option("FILE", arguments.transfer.file, "The file; - for standard input")
        ->required()
        ->option_text(" ");
    add_peer(*command, arguments, "Where `asock receive` waits");
    add_progress(*command, arguments);
    add_timeout(*command, arguments, 30);
    add_common(*command, arguments, send_examples);
    return command;
}

CLI::App* add_receive(CLI::App& program, parsed_arguments& arguments)
{
    CLI::App* const command = program.add_subcommand("receive", "Wait for one `asock send` and write its file");
    command->add_option("PORT", arguments.port, "Port to listen on; 0 picks a free one")
        ->required()
        ->check(check_port)
        ->option_text(" ");
    command->add_option("FILE", arguments.transfer.file, "The file to write; - for standard output")
        ->required()
        ->option_text(" ");
    add_address(*command, arguments);
    add_progress(*command, arguments);
    add_timeout(*command, arguments, 30);
    add_common(*command, arguments, receive_examples);
    return command;
}

std::string is_finite(const std::string& text)
{
    double value = 0;
    const bool finite = CLI::detail::lexical_cast(text, value) && std::isfinite(value);
    return finite ? std::string() : "'" + text + "' is no number of seconds";
}

CLI::App* add_bench(CLI::App& program, parsed_arguments& arguments)
{
    constexpr std::uint32_t most_connections = 100000;
    constexpr std::uint64_t largest_message = std::uint64_t{1} << 30U;
    constexpr double longest = 86400;
    constexpr double shortest = 0.01;
    CLI::App* const command = program.add_subcommand("bench", "Measure an echo server");
    add_peer(*command, arguments, "Where the echo server listens");
    command->add_option("-c,--connections", arguments.bench.connections, "Connections at the same time")
        ->check(CLI::Range(std::uint32_t{1}, most_connections))
        ->option_text("N [1]");
    command->add_option("-s,--size", arguments.bench.message_size, "Size of a message, such as 1024, 64KiB or 1MiB")
        ->transform(CLI::AsSizeValue(false))
        ->check(CLI::Range(std::uint64_t{1}, largest_message))
        ->option_text("BYTES [1024]");
    command
        ->add_option("-t,--seconds", arguments.bench.seconds, "How long to measure")
        // Before the range, in which every comparison with "nan" is false.
        ->check(is_finite)
        ->check(CLI::Range(shortest, longest))
        ->option_text("SECONDS [5]");
    command->add_flag("--json", arguments.bench.json, "Print one JSON object");
    add_threads(*command, arguments);
    add_timeout(*command, arguments, 10);
    add_common(*command, arguments, bench_examples);
    return command;
}

void add_seconds(CLI::App& command, const char* name, double& seconds, double least, const char* meaning)
{
    constexpr double longest = 86400;
    command.add_option(name, seconds, meaning)
        ->check(is_finite)
        ->check(CLI::Range(least, longest))
        ->option_text("SECONDS [" + std::to_string(static_cast<int>(seconds)) + "]");
}

CLI::App* add_relay(CLI::App& program, parsed_arguments& arguments)
{
    constexpr std::uint32_t most_connections = 1000000;
    CLI::App* const command = program.add_subcommand("relay", "Forward connections to another address, both ways");
    command
        ->add_option("--listen", arguments.listen_at, "Numeric address and port to listen on; port 0 picks a free one")
        ->required()
        ->check(check_listen_endpoint)
        ->option_text("HOST:PORT (required)");
    command->add_option("--to", arguments.peer, "The target, which each connection is forwarded to")
        ->required()
        ->check(check_endpoint)
        ->option_text("HOST:PORT (required)");
    command->add_option("--max-connections", arguments.relay.max_connections, "Connections at the same time")
        ->check(CLI::Range(std::uint32_t{1}, most_connections))
        ->option_text("N [what descriptors allow]");
    add_seconds(*command, "--idle-timeout", arguments.idle_timeout, 0,
                "Reset a connection on which nothing has moved for this long; 0: never");
    add_seconds(*command, "--connect-timeout", arguments.connect_timeout, 0.001,
                "Give up when the target has not answered for this long");
    add_seconds(*command, "--drain-timeout", arguments.drain_timeout, 0,
                "At the end, how long the connections that are left may take");
    command->add_flag("--stats", arguments.relay.show_figures, "Print the figures on standard error once a second");
    add_threads(*command, arguments);
    add_common(*command, arguments, relay_examples);
    return command;
}

std::chrono::milliseconds milliseconds_from(double seconds)
{
    return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

void complete_relay(parsed_arguments& arguments)
{
    relay_options& relay = arguments.relay;
    std::string problem;
    relay.listen_at = parse_listen_endpoint(arguments.listen_at, problem).value_or(endpoint{});
    relay.target = endpoint_from(arguments.peer);
    relay.connect_timeout = milliseconds_from(arguments.connect_timeout);
    relay.drain_timeout = milliseconds_from(arguments.drain_timeout);
    if (arguments.idle_timeout > 0) {
        relay.idle_timeout = milliseconds_from(arguments.idle_timeout);
    }
    relay.engine = arguments.engine;
}

void complete(parsed_arguments& arguments)
{
    complete_relay(arguments);
    const std::chrono::seconds timeout(arguments.timeout_seconds);
    arguments.transfer.timeout = timeout;
    arguments.transfer.engine = arguments.engine;
    arguments.echo.engine = arguments.engine;
    arguments.bench.engine = arguments.engine;
    arguments.transfer.progress_style =
        progress::choose(arguments.show_progress, arguments.transfer.quiet, standard_error_is_terminal());
    arguments.echo.listen_at = {arguments.address, arguments.port};
    arguments.bench.server = endpoint_from(arguments.peer);
    arguments.bench.timeout = timeout;
}

void complain(const std::string& what)
{
    std::fprintf(stderr, "asock: %s\n", what.c_str());
}

// Help and version are asked for by exceptions, too.
exit_code explain_usage(const CLI::App& program, const CLI::ParseError& problem)
{
    if (problem.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
        program.exit(problem);
        return exit_code::success;
    }
    const auto chosen = program.get_subcommands();
    const std::string command = chosen.empty() ? "asock" : "asock " + chosen.front()->get_name();
    std::string what = problem.what();
    std::replace(what.begin(), what.end(), '\n', ' ');
    complain(what + "; `" + command + " --help` shows how it is used");
    return exit_code::usage;
}

} // namespace

exit_code run_command_line(const std::vector<std::string>& arguments, const std::stop_token& stop,
                           const std::stop_token& impatient)
{
    parsed_arguments parsed;
    CLI::App program("Moves files, forwards connections and measures servers over asynchronous sockets", "asock");
    program.set_version_flag("--version", version_text, "Print the version");
    program.set_help_flag("-h,--help", "Print this help");
    program.require_subcommand(1);
    program.footer(program_examples);
    const CLI::App* const echo = add_echo(program, parsed);
    const CLI::App* const send = add_send(program, parsed);
    const CLI::App* const receive = add_receive(program, parsed);
    const CLI::App* const relay = add_relay(program, parsed);
    add_bench(program, parsed);

    try {
        // CLI11 takes the last argument first.
        program.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& problem) {
        return explain_usage(program, problem);
    }
    complete(parsed);

    const diagnostics library_messages(parsed.verbose);
    try {
        if (echo->parsed()) {
            serve_echo(parsed.echo, stop);
        } else if (send->parsed()) {
            send_file(parsed.transfer, endpoint_from(parsed.peer), stop);
        } else if (receive->parsed()) {
            receive_file(parsed.transfer, {parsed.address, parsed.port}, stop);
        } else if (relay->parsed()) {
            run_relay(parsed.relay, stop, impatient);
        } else {
            run_bench(parsed.bench, stop);
        }
    } catch (const interrupted& reason) {
        complain(reason.what());
        return exit_code::interrupted;
    } catch (const std::exception& reason) {
        complain(reason.what());
        return exit_code::failure;
    }
    return exit_code::success;
}

} // namespace asock
