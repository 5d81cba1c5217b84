// SPDX-License-Identifier: MIT

#include "win32/system/addresses.hpp"

#include <cstdio>
#include <iterator>

#include "win32/system/text.hpp"

namespace async_socket::detail {

// SRS_SOCKET_TRANSPORT_WIN32_01_014
DWORD address_list::resolve(const char* host, std::uint16_t port, int flags) noexcept
{
    WCHAR wide_host[NI_MAXHOST];
    // What is too long to be the name of a host, or no text at all, is the name of none.
    if (!to_wide(host, wide_host, std::size(wide_host))) {
        return WSAHOST_NOT_FOUND;
    }
    char digits[6] = "";
    std::snprintf(digits, sizeof digits, "%u", static_cast<unsigned>(port));
    WCHAR service[std::size(digits)];
    for (std::size_t i = 0; i < std::size(digits); ++i) {
        service[i] = static_cast<WCHAR>(digits[i]);
    }
    ADDRINFOW hints{};
    hints.ai_flags = flags;
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_protocol = IPPROTO_TCP;
    return static_cast<DWORD>(GetAddrInfoW(wide_host, service, &hints, &first_));
}

} // namespace async_socket::detail
