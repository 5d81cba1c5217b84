// SPDX-License-Identifier: MIT

#ifndef ASYNC_SOCKET_TESTS_STRESS_OPTIONS_H
#define ASYNC_SOCKET_TESTS_STRESS_OPTIONS_H

#include <cstdint>
#include <optional>

namespace stress {

struct options {
    std::optional<std::uint64_t> seed; // run this program only, as often as the time allows
    double seconds = 5;
    std::uint32_t threads = 8; // at most so many in one program
};

// Of the command line, and where that says nothing, of the environment.
options& the_options();

} // namespace stress

#endif
