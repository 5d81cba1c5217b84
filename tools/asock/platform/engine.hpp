// SPDX-License-Identifier: MIT
//
// The ways in which threads can wait for the network.

#ifndef ASOCK_PLATFORM_ENGINE_HPP
#define ASOCK_PLATFORM_ENGINE_HPP

#include <async_socket/execution_engine.h>

#include <cstdint>
#include <string>
#include <vector>

namespace asock {

struct engine_options {
    std::uint32_t threads = 0;   // 0 leaves the number to the library
    std::string backend = "any"; // one of backend_names()
};

// The ways of this platform; the first leaves it to the library.
std::vector<std::string> backend_names();

// NULL when the system refuses. The caller has a reference.
EXECUTION_ENGINE_HANDLE start_engine(const engine_options& options);

} // namespace asock

#endif
