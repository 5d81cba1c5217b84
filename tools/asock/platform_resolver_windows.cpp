// SPDX-License-Identifier: MIT

#include "resolver.hpp"

#include "text.hpp"

#include <winsock2.h>
#include <ws2tcpip.h>

namespace asock {

std::string why_not_resolvable(const std::string& host)
{
    WSADATA data;
    if (const int error = WSAStartup(MAKEWORD(2, 2), &data); error != 0) {
        return error_text(std::error_code(error, std::system_category()));
    }
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
    if (error == 0) {
        freeaddrinfo(found);
    }
    WSACleanup();
    return error == 0 ? std::string() : error_text(std::error_code(error, std::system_category()));
}

} // namespace asock
