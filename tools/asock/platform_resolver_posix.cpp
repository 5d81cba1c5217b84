// SPDX-License-Identifier: MIT

#include "resolver.hpp"

#include <netdb.h>
#include <sys/socket.h>

namespace asock {

std::string why_not_resolvable(const std::string& host)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
    if (error != 0) {
        return gai_strerror(error);
    }
    freeaddrinfo(found);
    return {};
}

} // namespace asock
