// SPDX-License-Identifier: MIT
//
// Failures that have to do with an address, which the log names.

#ifndef ASYNC_SOCKET_LINUX_SYSTEM_ADDRESS_TEXT_HPP
#define ASYNC_SOCKET_LINUX_SYSTEM_ADDRESS_TEXT_HPP

#include <sys/socket.h>

#include <cstddef>

#include "async_socket/socket_transport.h"

namespace async_socket::detail {

// An address and its port as text, "127.0.0.1:80" or "[::1]:80".
class address_text {
public:
    // Of the longest one, its end included.
    static constexpr std::size_t size = SOCKET_TRANSPORT_ADDRESS_SIZE + sizeof "[]:65535" - 1;

    address_text(const sockaddr& address, socklen_t length) noexcept;
    // Of this side of a socket.
    explicit address_text(int socket) noexcept;

    // "an unknown address" where there is none.
    [[nodiscard]] const char* get() const noexcept { return text_; }

private:
    void write(const sockaddr& address, socklen_t length) noexcept;

    char text_[size];
};

// As log_system_failure, for a call that is about an address. SRS_ASYNC_SOCKET_LOG_01_010
void log_failure_at(const char* function, const char* call, const sockaddr& address, socklen_t length,
                    int error) noexcept;
// The same for the address that a socket is bound to.
void log_failure_at(const char* function, const char* call, int socket, int error) noexcept;

// As log_resolver_failure, for the name of a host.
void log_resolver_failure_of(const char* function, const char* host, int error, int system_error) noexcept;

} // namespace async_socket::detail

#endif
