// SPDX-License-Identifier: MIT

#include "platform/resolver.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace asock {

namespace {

struct free_found {
    void operator()(addrinfo* found) const { ::freeaddrinfo(found); }
};
using found_addresses = std::unique_ptr<addrinfo, free_found>;

// Returns what getaddrinfo does.
int look_up(const std::string& host, int flags, found_addresses& found)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* first = nullptr;
    const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &first);
    found.reset(error == 0 ? first : nullptr);
    return error;
}

} // namespace

resolved_host resolve(const std::string& host)
{
    resolved_host result;
    found_addresses found;
    if (const int error = look_up(host, 0, found); error != 0) {
        result.problem = ::gai_strerror(error);
        return result;
    }
    for (const addrinfo* each = found.get(); each != nullptr; each = each->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (::getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), static_cast<socklen_t>(text.size()), nullptr, 0,
                          NI_NUMERICHOST) == 0 &&
            std::find(result.addresses.begin(), result.addresses.end(), text.data()) == result.addresses.end()) {
            result.addresses.emplace_back(text.data());
        }
    }
    return result;
}

// A socket can be bound to none but those.
bool is_own_address(const std::string& address)
{
    found_addresses found;
    if (look_up(address, AI_NUMERICHOST, found) != 0) {
        return false;
    }
    const int probe = ::socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0) {
        return false;
    }
    const bool bound = ::bind(probe, found->ai_addr, found->ai_addrlen) == 0;
    ::close(probe);
    return bound;
}

} // namespace asock
