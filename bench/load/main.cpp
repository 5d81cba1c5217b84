// SPDX-License-Identifier: MIT
//
// bench_load: loads a server on 127.0.0.1 and measures it, as script/bench tells it to. It connects, writes "ready",
// and then for each line with a number of seconds that it reads from its input it runs a slice of that length and
// writes one line of JSON. It ends with its input.

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "load.hpp"
#include "options.hpp"
#include "server_meter.hpp"

namespace {

void write(const bench::slice_result& result, std::size_t size)
{
    const auto count = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    std::printf("{\"messages\": %llu, \"seconds\": %.9f, \"bytes\": %llu, \"cpu_ns\": %llu, \"p50_ns\": %llu, "
                "\"p99_ns\": %llu, \"p999_ns\": %llu, \"exchanged\": %llu, \"allocations\": %llu, "
                "\"voluntary_switches\": %llu, \"involuntary_switches\": %llu}\n",
                count(result.messages), result.seconds, count(result.messages * size), count(result.usage.cpu_ns),
                count(result.latency.percentile(0.5)), count(result.latency.percentile(0.99)),
                count(result.latency.percentile(0.999)), count(result.exchanged), count(result.whole_usage.allocations),
                count(result.whole_usage.voluntary_switches), count(result.whole_usage.involuntary_switches));
    std::fflush(stdout);
}

void serve(const bench::options& wanted)
{
    const bench::server_meter meter(wanted.processes, wanted.allocation_file);
    const std::unique_ptr<bench::load> load = wanted.kind == bench::load_kind::echo ? make_echo_load(wanted, meter)
                                              : wanted.kind == bench::load_kind::stream
                                                  ? make_stream_load(wanted, meter)
                                                  : make_churn_load(wanted, meter);
    std::puts("ready");
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);) {
        write(load->run(std::stod(line)), wanted.size);
    }
}

} // namespace

int main(int argc, char** argv)
{
    bench::options wanted;
    CLI::App program("Loads a server on 127.0.0.1 and measures it: runs a slice for each number of seconds it reads");
    program.add_option("kind", wanted.kind, "echo, stream or churn")
        ->required()
        ->transform(
            CLI::CheckedTransformer(std::map<std::string, bench::load_kind>{{"echo", bench::load_kind::echo},
                                                                            {"stream", bench::load_kind::stream},
                                                                            {"churn", bench::load_kind::churn}}));
    program.add_option("--port", wanted.port, "of the server")->required();
    program.add_option("--connections", wanted.connections, "at a time")->check(CLI::Range(1, 30000));
    program.add_option("--busy", wanted.busy, "of the connections; all without it")->check(CLI::Range(1, 30000));
    program.add_option("--size", wanted.size, "of a message, in bytes")->check(CLI::Range(1, 1 << 26));
    program.add_option("--warm-up", wanted.warm_up_seconds, "seconds before each measurement");
    program.add_option("--pid", wanted.processes, "the processes of the server")->check(CLI::PositiveNumber);
    program.add_option("--allocations", wanted.allocation_file,
                       "the file that the server's allocations are counted in");
    CLI11_PARSE(program, argc, argv);
    try {
        serve(wanted);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_load: %s\n", error.what());
        return 1;
    }
}
