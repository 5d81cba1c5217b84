// SPDX-License-Identifier: MIT

#ifndef BENCH_LOAD_CLIENT_SOCKET_HPP
#define BENCH_LOAD_CLIENT_SOCKET_HPP

#include <cstddef>
#include <cstdint>

namespace bench {

// A connection to the port on 127.0.0.1. With a `turn` it comes from another address of the loopback network each time,
// so that ports which wait for stray segments (TIME_WAIT) do not run out.
int connect_to(std::uint16_t port);
int connect_to(std::uint16_t port, std::uint64_t turn);

// Sends the bytes and receives as many, which must be the same.
void echo_blocking(int fd, const std::byte* bytes, std::size_t size);

} // namespace bench

#endif
