// SPDX-License-Identifier: MIT

#include "command_line.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>

namespace bench {

server_options parse_command_line(int argc, char** argv, const std::vector<std::string>& variants, bool can_sink)
{
    server_options wanted;
    CLI::App program("Echoes what it receives, on 127.0.0.1, until it is ended; writes its port when it is ready");
    program.add_option("--port", wanted.port, "0: a free one");
    program.add_option("--workers", wanted.workers, "threads that serve connections")->check(CLI::Range(1, 256));
    if (can_sink) {
        program.add_flag("--sink", wanted.sink, "throw away what is received");
    }
    if (!variants.empty()) {
        wanted.variant = variants.front();
        program.add_option("--variant", wanted.variant, "how it works")->check(CLI::IsMember(variants));
    }
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::exit(program.exit(error));
    }
    return wanted;
}

void announce(std::uint16_t port)
{
    std::printf("%u\n", unsigned{port});
    std::fflush(stdout);
}

} // namespace bench
