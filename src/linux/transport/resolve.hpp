// SPDX-License-Identifier: MIT
//
// Names and numbers to addresses.

#ifndef ASYNC_SOCKET_LINUX_TRANSPORT_RESOLVE_HPP
#define ASYNC_SOCKET_LINUX_TRANSPORT_RESOLVE_HPP

#include <netdb.h>

#include <cstdint>
#include <memory>

namespace async_socket::detail {

struct address_list_deleter {
    void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};

using address_list = std::unique_ptr<addrinfo, address_list_deleter>;

// The addresses of `host` for TCP, at least one; none, having reported why in the name of `function`, on failure.
// `flags` are getaddrinfo's.
[[nodiscard]] address_list resolve(const char* function, const char* host, std::uint16_t port, int flags) noexcept;

// The same without a report: `error` is what getaddrinfo returned, with its errno in `system_error`.
[[nodiscard]] address_list resolve_quietly(const char* host, std::uint16_t port, int flags, int& error,
                                           int& system_error) noexcept;

} // namespace async_socket::detail

#endif
