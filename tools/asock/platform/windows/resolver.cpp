// SPDX-License-Identifier: MIT

#include "platform/resolver.hpp"

#include "platform/text.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <system_error>

#include <winsock2.h>
#include <ws2tcpip.h>

namespace asock {

namespace {

// While one exists, sockets may be used.
class winsock {
public:
    winsock() : error_(WSAStartup(MAKEWORD(2, 2), &data_)) {}
    ~winsock()
    {
        if (error_ == 0) {
            WSACleanup();
        }
    }
    winsock(const winsock&) = delete;
    winsock& operator=(const winsock&) = delete;

    int error() const { return error_; }

private:
    WSADATA data_{};
    int error_;
};

struct free_found {
    void operator()(addrinfo* found) const { freeaddrinfo(found); }
};
using found_addresses = std::unique_ptr<addrinfo, free_found>;

int look_up(const std::string& host, int flags, found_addresses& found)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* first = nullptr;
    const int error = getaddrinfo(host.c_str(), nullptr, &hints, &first);
    found.reset(error == 0 ? first : nullptr);
    return error;
}

} // namespace

resolved_host resolve(const std::string& host)
{
    resolved_host result;
    const winsock used;
    found_addresses found;
    const int error = used.error() != 0 ? used.error() : look_up(host, 0, found);
    if (error != 0) {
        result.problem = error_text(std::error_code(error, std::system_category()));
        return result;
    }
    for (const addrinfo* each = found.get(); each != nullptr; each = each->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (getnameinfo(each->ai_addr, static_cast<socklen_t>(each->ai_addrlen), text.data(),
                        static_cast<DWORD>(text.size()), nullptr, 0, NI_NUMERICHOST) == 0 &&
            std::find(result.addresses.begin(), result.addresses.end(), text.data()) == result.addresses.end()) {
            result.addresses.emplace_back(text.data());
        }
    }
    return result;
}

// A socket can be bound to none but those.
bool is_own_address(const std::string& address)
{
    const winsock used;
    found_addresses found;
    if (used.error() != 0 || look_up(address, AI_NUMERICHOST, found) != 0) {
        return false;
    }
    const SOCKET probe = socket(found->ai_family, SOCK_DGRAM, 0);
    if (probe == INVALID_SOCKET) {
        return false;
    }
    const bool bound = bind(probe, found->ai_addr, static_cast<int>(found->ai_addrlen)) == 0;
    closesocket(probe);
    return bound;
}

} // namespace asock
