// SPDX-License-Identifier: MIT
//
// An IPv4 or IPv6 address with a port, as text and as Windows lays it out.

#ifndef FAKE_WIN32_ADDRESS_H
#define FAKE_WIN32_ADDRESS_H

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "ws2tcpip.h"

namespace fake_win32 {

struct address {
    int family = AF_INET;
    std::array<unsigned char, 16> bytes{}; // the first 4 for IPv4, in network order
    std::uint16_t port = 0;

    bool operator==(const address&) const = default;
    bool is_any() const;
};

address loopback(int family, std::uint16_t port);
std::string text_of(const address& value); // without the port
std::optional<address> parse_address(const std::string& text);

std::optional<address> read_sockaddr(const sockaddr* name, int length);
int write_sockaddr(const address& value, sockaddr_storage& storage); // the length
// Copies as Windows does: WSAEFAULT when *length is too small.
int copy_sockaddr(const address& value, sockaddr* name, int* length);

} // namespace fake_win32

#endif
