// SPDX-License-Identifier: MIT

#include "relay/own_target.hpp"

#include "platform/resolver.hpp"

#include <algorithm>

namespace asock {

namespace {

bool is_every_address(const std::string& address)
{
    return address == "0.0.0.0" || address == "::";
}

bool is_loopback(const std::string& address)
{
    return address == "127.0.0.1" || address == "::1";
}

bool comes_to(const std::string& listening, const std::string& address)
{
    if (listening == address) {
        return true;
    }
    if (is_every_address(listening)) {
        // A listener at 0.0.0.0 is for IPv4 only; one at :: is for both.
        const bool is_reached = listening == "::" || address.find(':') == std::string::npos;
        return is_reached && is_own_address(address);
    }
    return is_every_address(address) && is_loopback(listening);
}

} // namespace

bool leads_to(const async_socket::endpoint& listening, const std::vector<std::string>& addresses, std::uint16_t port)
{
    return port == listening.port && std::any_of(addresses.begin(), addresses.end(), [&](const std::string& each) {
               return comes_to(listening.host, each);
           });
}

} // namespace asock
