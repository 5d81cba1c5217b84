// SPDX-License-Identifier: MIT

#include "linux/transport/resolve.hpp"

#include <sys/socket.h>

#include <netinet/in.h>

#include <cerrno>
#include <cstdio>

#include "linux/system/address_text.hpp"

namespace async_socket::detail {

address_list resolve_quietly(const char* host, std::uint16_t port, int flags, int& error, int& system_error) noexcept
{
    char service[6];
    std::snprintf(service, sizeof service, "%u", static_cast<unsigned>(port));
    addrinfo hints{};
    hints.ai_flags = flags | AI_NUMERICSERV;
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_protocol = IPPROTO_TCP;
    addrinfo* addresses = nullptr;
    do {
        error = getaddrinfo(host, service, &hints, &addresses);
        // SRS_SOCKET_TRANSPORT_LINUX_01_003
    } while (error == EAI_SYSTEM && errno == EINTR);
    system_error = errno;
    return error == 0 ? address_list(addresses) : nullptr;
}

address_list resolve(const char* function, const char* host, std::uint16_t port, int flags) noexcept
{
    int error = 0;
    int system_error = 0;
    address_list addresses = resolve_quietly(host, port, flags, error, system_error);
    if (addresses == nullptr) {
        log_resolver_failure_of(function, host, error, system_error);
    }
    return addresses;
}

} // namespace async_socket::detail
