// SPDX-License-Identifier: MIT
//
// The command line that all servers have in common.

#ifndef BENCH_SERVERS_COMMAND_LINE_HPP
#define BENCH_SERVERS_COMMAND_LINE_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

// Of each connection, in the servers that have one for each.
constexpr std::size_t buffer_size = 65536;

constexpr int backlog = 4096;

struct server_options {
    std::uint16_t port = 0;
    unsigned workers = 1;
    bool sink = false;   // throw away what is received
    std::string variant; // one of those that the server names; the first one by default
};

// Ends the process where the command line is wrong. can_sink: the server knows how to throw away what is received.
server_options parse_command_line(int argc, char** argv, const std::vector<std::string>& variants = {},
                                  bool can_sink = true);

// Tells whoever started the server that it accepts connections there.
void announce(std::uint16_t port);

} // namespace bench

#endif
