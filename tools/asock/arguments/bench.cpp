// SPDX-License-Identifier: MIT

#include "arguments/shared.hpp"
#include "bench/run.hpp"

#include <cstdint>
#include <memory>

namespace asock {

namespace {

constexpr const char* examples_of_bench = R"(Examples:
  asock bench 127.0.0.1:4001
  asock bench 127.0.0.1:4001 --connections 100 --size 64KiB --seconds 10
  asock bench 127.0.0.1:4001 --connections 100 --rate 20000 --warm-up 2
  asock bench [::1]:4001 --json | jq .latency_us.p99

One message is on its way on each connection; what comes back is compared with what was
sent. Without --rate a server that stands still is sent nothing meanwhile, which hides
most of what its users would wait; with it, each message counts from when it was due.
`asock echo` is a server to try it on.)";

} // namespace

command add_bench(CLI::App& program, common_arguments& common)
{
    constexpr std::uint32_t most_connections = 100000;
    constexpr std::uint64_t largest_message = std::uint64_t{1} << 30U;
    constexpr double longest = longest_time;
    constexpr double shortest = 0.01;
    constexpr double lowest_rate = 0.001;
    constexpr double highest_rate = 1e7;
    const auto options = std::make_shared<bench_options>();
    CLI::App* const command = program.add_subcommand("bench", "Measure an echo server");
    add_peer(*command, options->server, "Where the echo server listens");
    command->add_option("-c,--connections", options->connections, "Connections at the same time")
        ->check(CLI::Range(std::uint32_t{1}, most_connections))
        ->option_text("N [1]");
    command->add_option("-s,--size", options->message_size, "Size of a message, such as 1024, 64KiB or 1MiB")
        ->transform(CLI::AsSizeValue(false))
        ->check(CLI::Range(std::uint64_t{1}, largest_message))
        ->option_text("BYTES [1024]");
    command
        ->add_option("-t,--seconds", options->seconds, "How long to measure")
        // Before the range, in which every comparison with "nan" is false.
        ->check(check_finite)
        ->check(CLI::Range(shortest, longest))
        ->option_text("SECONDS [5]");
    command->add_option("-w,--warm-up", options->warm_up, "How long to send before what is measured")
        ->check(check_finite)
        ->check(CLI::Range(0.0, longest))
        ->option_text("SECONDS [0]");
    command
        ->add_option("-r,--rate", options->rate,
                     "Messages a second, on all connections together, whether or not the ones before are back; "
                     "otherwise each leaves when the one before has come back")
        ->check(check_finite)
        ->check(CLI::Range(lowest_rate, highest_rate))
        ->option_text("N");
    command->add_flag("--json", options->json, "Print one JSON object");
    add_threads(*command, common);
    add_timeout(*command, options->timeout);
    add_common(*command, common, examples_of_bench);
    return {command, [options, &common](const std::stop_token& stop) {
                options->engine = common.engine;
                run_bench(*options, stop);
            }};
}

} // namespace asock
