// SPDX-License-Identifier: MIT
//
// What the test and its peers, which are a process of their own for the sake of the limit on descriptors, agree on.
//
// The peers connect to the addresses in turn and then talk in plain messages, which come back as they are. The first
// byte that a peer sends says which side is to close that connection.

#ifndef ASYNC_SOCKET_TESTS_SCALE_PROTOCOL_H
#define ASYNC_SOCKET_TESTS_SCALE_PROTOCOL_H

#include <cstddef>

namespace scale {

inline constexpr std::size_t longest_message = 2000;
inline constexpr int rounds = 3;

inline constexpr unsigned char peer_closes = 0;
inline constexpr unsigned char test_closes = 1;

// Lines that go over the pipes.
inline constexpr const char* all_are_connected = "connected";
inline constexpr const char* echo = "echo";
inline constexpr const char* all_is_echoed = "echoed";
inline constexpr const char* close = "close";
inline constexpr const char* all_is_closed = "closed";

} // namespace scale

#endif
