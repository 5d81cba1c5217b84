// SPDX-License-Identifier: MIT

/// \defgroup cpp_endpoint Endpoint
/// \ingroup cpp
///
/// A host and a port, and their text.
///
/// \{

#ifndef ASYNC_SOCKET_CPP_ENDPOINT_HPP
#define ASYNC_SOCKET_CPP_ENDPOINT_HPP

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace async_socket {

/// A host and a port.
///
/// It has constructors because GCC 12 destroys the members of an aggregate twice that is made within a co_await.
struct endpoint {
    endpoint() = default; ///< None.
    /// Of this host and this port.
    endpoint(std::string its_host, std::uint16_t its_port) : host(std::move(its_host)), port(its_port) {}

    /// A name or a numeric address, IPv4 or IPv6, without brackets. Empty: none; for a listener every interface.
    std::string host;
    std::uint16_t port = 0; ///< 0: none; for a listener any that is free

    friend bool operator==(const endpoint&, const endpoint&) = default; ///< The same host, as text, and the same port.

    /// "host:port"; a host with colons in it stands in brackets, as "[::1]:80".
    /// Requirements: SRS_CPP_01_006
    [[nodiscard]] std::string to_string() const
    {
        // SRS_CPP_01_006
        const bool bracketed = host.find(':') != std::string::npos;
        return (bracketed ? "[" + host + "]" : host) + ":" + std::to_string(port);
    }

    /// Reads what to_string writes. nullopt for anything else: no host, no port, a port over 65535 or with anything but
    /// digits in it, a host with colons outside of brackets.
    /// Requirements: SRS_CPP_01_007, SRS_CPP_01_008
    [[nodiscard]] static std::optional<endpoint> parse(std::string_view text)
    {
        const std::size_t colon = text.rfind(':');
        if (colon == std::string_view::npos) {
            return std::nullopt; // SRS_CPP_01_008
        }
        std::string_view host = text.substr(0, colon);
        const std::string_view digits = text.substr(colon + 1);
        const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
        if (bracketed) {
            host = host.substr(1, host.size() - 2);
        }
        const bool is_host = !host.empty() && host.find_first_of("[]") == std::string_view::npos &&
                             (host.find(':') != std::string_view::npos) == bracketed; // SRS_CPP_01_007, SRS_CPP_01_008
        std::uint16_t port = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
        if (!is_host || error != std::errc() || end != digits.data() + digits.size()) {
            return std::nullopt; // SRS_CPP_01_008
        }
        return endpoint{std::string(host), port};
    }
};

} // namespace async_socket

#endif

/// \}
