// SPDX-License-Identifier: MIT
//
// Exchanges messages and ends, for its system calls to be counted from outside: load CONNECTIONS WORKERS MESSAGES.
// Prints the number of messages.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "ping_pong.h"
#include "support/engine_under_test.h"

int main(int argc, char** argv)
{
    if (argc != 4) {
        std::fputs("load: three arguments are needed\n", stderr);
        return 2;
    }
    try {
        const auto connections = static_cast<std::size_t>(std::strtoul(argv[1], nullptr, 10));
        const auto workers = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
        const auto messages = static_cast<std::size_t>(std::strtoul(argv[3], nullptr, 10));
        const contract::engine_owner engine(contract::create_engine_under_test(workers, workers));
        if (!engine) {
            std::fputs("load: there is no such engine on this machine\n", stderr);
            return 77;
        }
        cost::ping_pong load(engine.get(), connections);
        const std::size_t exchanged = load.exchange_in_callbacks(messages);
        if (load.failures() != 0) {
            std::fprintf(stderr, "load: %zu operations failed\n", load.failures());
            return 1;
        }
        std::printf("%zu\n", exchanged);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "load: %s\n", error.what());
        return 1;
    }
}
