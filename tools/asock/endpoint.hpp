// SPDX-License-Identifier: MIT
//
// HOST:PORT, as people write it.

#ifndef ASOCK_ENDPOINT_HPP
#define ASOCK_ENDPOINT_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace asock {

struct endpoint {
    std::string host; // a name or a numeric address, without brackets
    std::uint16_t port = 0;

    bool operator==(const endpoint&) const = default;
};

// Reads "name:4000", "127.0.0.1:4000" or "[::1]:4000". The host holds only what names and addresses are made of, so
// that it can be printed anywhere. Empty, with `problem` saying what is wrong, for anything else.
std::optional<endpoint> parse_endpoint(std::string_view text, std::string& problem);

// The same with port 0, too, which lets the system pick one that is free.
std::optional<endpoint> parse_listen_endpoint(std::string_view text, std::string& problem);

// Reads decimal digits, 0 .. 65535.
std::optional<std::uint16_t> parse_port(std::string_view text);

// The form that parse_endpoint reads.
std::string to_string(const endpoint& value);

} // namespace asock

#endif
