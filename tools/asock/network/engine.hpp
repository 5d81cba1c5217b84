// SPDX-License-Identifier: MIT
//
// The threads that do the work, as the person asks for them.

#ifndef ASOCK_NETWORK_ENGINE_HPP
#define ASOCK_NETWORK_ENGINE_HPP

#include "platform/engine.hpp"

#include <async_socket/cpp/engine.hpp>

namespace asock {

// Throws failure.
async_socket::engine create_engine(const engine_options& options);

} // namespace asock

#endif
