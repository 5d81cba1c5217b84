// SPDX-License-Identifier: MIT
//
// The engine of this library that a server was asked for.

#ifndef BENCH_SERVERS_ENGINE_HPP
#define BENCH_SERVERS_ENGINE_HPP

#include <string>
#include <vector>

#include "async_socket/execution_engine.h"
#include "command_line.hpp"

namespace bench {

std::vector<std::string> engine_variants();

// NULL where there is none to be had.
EXECUTION_ENGINE_HANDLE make_engine(const server_options& wanted);

} // namespace bench

#endif
