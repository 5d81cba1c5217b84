// SPDX-License-Identifier: MIT

#include "address.h"

#include <algorithm>

#include "address_text.h"

namespace fake_win32 {

bool address::is_any() const
{
    return std::all_of(bytes.begin(), bytes.end(), [](unsigned char byte) { return byte == 0; });
}

address loopback(int family, std::uint16_t port)
{
    address result;
    result.family = family;
    result.port = port;
    if (family == AF_INET) {
        result.bytes[0] = 127;
        result.bytes[3] = 1;
    } else {
        result.bytes[15] = 1;
    }
    return result;
}

std::string text_of(const address& value)
{
    return address_to_text(value.family == AF_INET6, value.bytes.data());
}

std::optional<address> parse_address(const std::string& text)
{
    address result;
    bool is_v6 = false;
    if (!text_to_address(text, is_v6, result.bytes.data())) {
        return std::nullopt;
    }
    result.family = is_v6 ? AF_INET6 : AF_INET;
    return result;
}

std::optional<address> read_sockaddr(const sockaddr* name, int length)
{
    address result;
    if (name == nullptr || length < static_cast<int>(sizeof(ADDRESS_FAMILY))) {
        return std::nullopt;
    }
    result.family = name->sa_family;
    if (result.family == AF_INET && length >= static_cast<int>(sizeof(sockaddr_in))) {
        sockaddr_in in;
        std::memcpy(&in, name, sizeof in);
        std::memcpy(result.bytes.data(), &in.sin_addr, 4);
        result.port = ntohs(in.sin_port);
        return result;
    }
    if (result.family == AF_INET6 && length >= static_cast<int>(sizeof(sockaddr_in6))) {
        sockaddr_in6 in;
        std::memcpy(&in, name, sizeof in);
        std::memcpy(result.bytes.data(), &in.sin6_addr, 16);
        result.port = ntohs(in.sin6_port);
        return result;
    }
    return std::nullopt;
}

int write_sockaddr(const address& value, sockaddr_storage& storage)
{
    storage = {};
    if (value.family == AF_INET) {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = htons(value.port);
        std::memcpy(&in.sin_addr, value.bytes.data(), 4);
        std::memcpy(&storage, &in, sizeof in);
        return sizeof in;
    }
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(value.port);
    std::memcpy(&in.sin6_addr, value.bytes.data(), 16);
    std::memcpy(&storage, &in, sizeof in);
    return sizeof in;
}

int copy_sockaddr(const address& value, sockaddr* name, int* length)
{
    sockaddr_storage storage;
    const int needed = write_sockaddr(value, storage);
    if (name == nullptr || length == nullptr || *length < needed) {
        return WSAEFAULT;
    }
    std::memcpy(name, &storage, static_cast<std::size_t>(needed));
    *length = needed;
    return 0;
}

u_short htons(u_short host)
{
    return static_cast<u_short>(((host & 0xffu) << 8) | (host >> 8));
}

u_short ntohs(u_short network)
{
    return htons(network);
}

ULONG htonl(ULONG host)
{
    return ((host & 0xffu) << 24) | ((host & 0xff00u) << 8) | ((host >> 8) & 0xff00u) | (host >> 24);
}

ULONG ntohl(ULONG network)
{
    return htonl(network);
}

} // namespace fake_win32
