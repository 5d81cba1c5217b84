// SPDX-License-Identifier: MIT
//
// From the name of a host to its addresses.

#ifndef ASYNC_SOCKET_WIN32_SYSTEM_ADDRESSES_HPP
#define ASYNC_SOCKET_WIN32_SYSTEM_ADDRESSES_HPP

#include <winsock2.h>

#include <ws2tcpip.h>

#include <cstdint>

namespace async_socket::detail {

// A list that the system's resolver gives.
class address_list {
public:
    address_list() noexcept = default;
    ~address_list()
    {
        if (first_ != nullptr) {
            FreeAddrInfoW(first_);
        }
    }
    address_list(const address_list&) = delete;
    address_list& operator=(const address_list&) = delete;

    // Fills it, once, with the addresses for TCP of a host whose name is UTF-8. 0 or the error.
    [[nodiscard]] DWORD resolve(const char* host, std::uint16_t port, int flags) noexcept;

    // nullptr in an empty one.
    [[nodiscard]] const ADDRINFOW* first() const noexcept { return first_; }

private:
    ADDRINFOW* first_ = nullptr;
};

} // namespace async_socket::detail

#endif
