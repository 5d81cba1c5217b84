// SPDX-License-Identifier: MIT
//
// The threads that do the work, as the person asks for them. Each function stands in platform_engine_<platform>.cpp.

#ifndef ASOCK_ENGINE_HPP
#define ASOCK_ENGINE_HPP

#include "handles.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace asock {

struct engine_options {
    std::uint32_t threads = 0;   // 0 leaves the number to the library
    std::string backend = "any"; // one of backend_names()
};

// The ways in which the threads of this platform can wait for the network; the first leaves it to the library.
std::vector<std::string> backend_names();

// Throws failure.
engine_ptr create_engine(const engine_options& options);

} // namespace asock

#endif
