// SPDX-License-Identifier: MIT

#include "arguments/cli.hpp"
#include "platform/console.hpp"
#include "platform/standard_streams.hpp"
#include "platform/stop_signal.hpp"
#include "terminal/exit_on_stop.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>

namespace {

asock::exit_code run(int argc, char** argv)
{
    try {
        asock::open_closed_streams();
        asock::prepare_console();
        const asock::stop_signal stop;
        const asock::exit_on_stop at_once(stop.impatient_token());
        return asock::run_command_line(asock::utf8_arguments(argc, argv), stop.token());
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "asock: %s\n", problem.what());
        return asock::exit_code::failure;
    }
}

} // namespace

int main(int argc, char** argv)
{
    const int status = static_cast<int>(run(argc, argv));
    // For the tests: Wine 10 now and then loses the exit status of a process.
    if (const char* const file = std::getenv("ASOCK_TEST_STATUS_FILE"); file != nullptr) {
        std::ofstream(file) << status;
    }
    return status;
}
