// SPDX-License-Identifier: MIT

#include "server_options.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace bench {

int read_options(int argc, char** argv, const char* description, bool may_reuse, server_options& options)
{
    CLI::App app(description);
    app.add_option("--port", options.port, "port of 127.0.0.1 to listen on; 0: any")->capture_default_str();
    app.add_option("--workers", options.workers, "threads that run callbacks")
        ->capture_default_str()
        ->check(CLI::Range(1, 1024));
    if (may_reuse) {
        app.add_flag("--reuse", options.reuse, "keep contexts and events for later operations");
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error);
    }
    return -1;
}

void announce(std::uint16_t port)
{
    std::printf("listening on 127.0.0.1:%u\n", static_cast<unsigned>(port));
    std::fflush(stdout);
}

} // namespace bench
