// SPDX-License-Identifier: MIT
//
// Where to listen, as people say it: --listen HOST:PORT; or a port, and
// --address if it is not this machine's alone.

#ifndef ASOCK_ARGUMENTS_LISTENING_HPP
#define ASOCK_ARGUMENTS_LISTENING_HPP

#include <async_socket/cpp/endpoint.hpp>

#include <CLI/CLI.hpp>

namespace asock {

// --listen
CLI::Option* add_listen(CLI::App& command, async_socket::endpoint& listen_at);

// --address, which is 127.0.0.1 if nobody says anything.
void add_address(CLI::App& command, async_socket::endpoint& listen_at, CLI::Option* listen);

} // namespace asock

#endif
