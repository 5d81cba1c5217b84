// SPDX-License-Identifier: MIT
//
// What all echo servers of this directory have in common: their arguments, and the socket that they listen on.

#ifndef ASYNC_SOCKET_BENCH_WINDOWS_SERVER_OPTIONS_HPP
#define ASYNC_SOCKET_BENCH_WINDOWS_SERVER_OPTIONS_HPP

#include <cstddef>
#include <cstdint>

namespace bench {

// Of a connection.
inline constexpr std::size_t buffer_size = 65536;

struct server_options {
    std::uint16_t port = 0;
    std::uint32_t workers = 1;
    bool reuse = false;
};

// The exit status of a program that is not to go on, 0 or more; -1: it is. `may_reuse`: --reuse is an option.
int read_options(int argc, char** argv, const char* description, bool may_reuse, server_options& options);

// To be called when the server listens.
void announce(std::uint16_t port);

} // namespace bench

#endif
