// SPDX-License-Identifier: MIT
//
// For the servers that use the system's sockets.

#ifndef BENCH_SERVERS_LISTEN_HPP
#define BENCH_SERVERS_LISTEN_HPP

#include <cstdint>

namespace bench {

enum class port_use { alone, shared };

// A listening socket on 127.0.0.1. With port_use::shared several may listen on one port (SO_REUSEPORT), and the kernel
// deals the connections out among them. Ends the process where there is none to be had.
int listen_on(std::uint16_t port, port_use use, int flags = 0);

std::uint16_t port_of(int listener);

void set_no_delay(int socket);

// Ends the process with the message of errno, or of `error`.
[[noreturn]] void die(const char* call);
[[noreturn]] void die(const char* call, int error);

} // namespace bench

#endif
