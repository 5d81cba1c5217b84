// SPDX-License-Identifier: MIT

#include "linux/system/address_text.hpp"

#include <netdb.h>

#include <cstdio>

#include "common/diagnostics/log.hpp"
#include "linux/system/system_error.hpp"

namespace async_socket::detail {

namespace {

constexpr const char* unknown = "an unknown address";
constexpr std::size_t longest_call = sizeof "setsockopt(SO_REUSEADDR)";

// The address is asked for only where somebody reads it.
template <typename asked>
void log_about(const char* function, const char* call, int error, asked address) noexcept
{
    if (!log_is_on()) {
        return;
    }
    const errno_guard guard;
    char about[longest_call + address_text::size];
    std::snprintf(about, sizeof about, "%s %s", call, address().get());
    log_system_failure(function, about, error);
}

} // namespace

address_text::address_text(const sockaddr& address, socklen_t length) noexcept
{
    write(address, length);
}

address_text::address_text(int socket) noexcept
{
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    const bool is_known = getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) == 0;
    write(reinterpret_cast<const sockaddr&>(address), is_known ? length : 0);
}

void address_text::write(const sockaddr& address, socklen_t length) noexcept
{
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE];
    char port[sizeof "65535"];
    if (length == 0 ||
        getnameinfo(&address, length, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        std::snprintf(text_, sizeof text_, "%s", unknown);
        return;
    }
    std::snprintf(text_, sizeof text_, address.sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

void log_failure_at(const char* function, const char* call, const sockaddr& address, socklen_t length,
                    int error) noexcept
{
    log_about(function, call, error, [&] { return address_text(address, length); });
}

void log_failure_at(const char* function, const char* call, int socket, int error) noexcept
{
    log_about(function, call, error, [socket] { return address_text(socket); });
}

void log_resolver_failure_of(const char* function, const char* host, int error, int system_error) noexcept
{
    if (!log_is_on()) {
        return;
    }
    const errno_guard guard;
    char about[320];
    std::snprintf(about, sizeof about, "getaddrinfo \"%s\"", host);
    log_resolver_failure(function, about, error, system_error);
}

} // namespace async_socket::detail
