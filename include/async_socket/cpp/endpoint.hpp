// SPDX-License-Identifier: MIT

/// \defgroup cpp_endpoint Endpoint
/// \ingroup cpp
///
/// A host and a port, and their text.
///
/// \{

#ifndef ASYNC_SOCKET_CPP_ENDPOINT_HPP
#define ASYNC_SOCKET_CPP_ENDPOINT_HPP

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace async_socket {

/// A host and a port.
///
/// It has constructors because GCC 12 destroys twice the members of an aggregate that is created within a co_await.
struct endpoint {
    endpoint() = default; ///< None.
    /// Of this host and this port.
    endpoint(std::string its_host, std::uint16_t its_port) : host(std::move(its_host)), port(its_port) {}

    /// A name or a numeric address, IPv4 or IPv6, without brackets. Empty: none; for a listener, every interface.
    std::string host;
    std::uint16_t port = 0; ///< 0: none; for a listener, any free port

    friend bool operator==(const endpoint&, const endpoint&) = default; ///< The same host, as text, and the same port.

    /// "host:port"; a host that contains colons is put in brackets, as "[::1]:80".
    /// Requirements: SRS_CPP_01_006
    [[nodiscard]] std::string to_string() const
    {
        // SRS_CPP_01_006
        const bool bracketed = host.find(':') != std::string::npos;
        return (bracketed ? "[" + host + "]" : host) + ":" + std::to_string(port);
    }

    /// Reads what to_string writes, where the host is one that there can be: 1 to 253 letters, digits, '-', '.' and
    /// '_', and in brackets ':' and '%' (of a zone, as in fe80::1%eth0), too. So what was read can be printed anywhere.
    ///
    /// \param text     "example.org:80", "127.0.0.1:80", "[::1]:80"
    /// \param problem  receives what is wrong with the text, in words for the one who wrote it, which stay where they
    ///                 are; untouched when nothing is; may be NULL
    ///
    /// \return nullopt for any other text: no host, no port, a port that parse_port does not read, colons outside of
    /// brackets, brackets around anything else, spaces, control characters and letters beyond ASCII.
    /// Requirements: SRS_CPP_01_007, SRS_CPP_01_008, SRS_CPP_01_069
    [[nodiscard]] static std::optional<endpoint> parse(std::string_view text, std::string_view* problem = nullptr);

    /// Reads a port: 0 to 65535 in decimal digits, without zeros in front. nullopt for anything else.
    /// Requirements: SRS_CPP_01_070
    [[nodiscard]] static std::optional<std::uint16_t> parse_port(std::string_view text) noexcept
    {
        std::uint16_t port = 0;
        const char* const end = text.data() + text.size();
        const auto [stopped_at, error] = std::from_chars(text.data(), end, port);
        const bool has_zeros_in_front = text.size() > 1 && text.front() == '0';
        if (error != std::errc() || stopped_at != end || has_zeros_in_front) {
            return std::nullopt; // SRS_CPP_01_070
        }
        return port;
    }
};

namespace impl {

// The text of an endpoint taken apart, before anything is known of the parts.
class endpoint_text {
public:
    explicit endpoint_text(std::string_view text) noexcept : is_bracketed_(text.starts_with('['))
    {
        is_bracketed_ ? take_bracketed(text) : take_plain(text);
    }

    [[nodiscard]] std::string_view host() const noexcept { return host_; }
    [[nodiscard]] std::string_view port() const noexcept { return port_; }

    // SRS_CPP_01_069. Empty: the host is one, and what the port is has not been looked at.
    [[nodiscard]] std::string_view problem() const noexcept
    {
        constexpr std::size_t longest_host = 253; // of a name in the domain name system; every address is shorter
        if (!problem_.empty()) {
            return problem_;
        }
        if (host_.empty()) {
            return "the host is missing, as in 127.0.0.1:4000";
        }
        if (host_.size() > longest_host) {
            return "the host is too long";
        }
        if (!std::all_of(host_.begin(), host_.end(), [this](char c) { return belongs_in_host(c); })) {
            return "the host holds a character that no name and no address has";
        }
        if (is_bracketed_ && host_.find(':') == std::string_view::npos) {
            return "brackets are for IPv6 addresses only";
        }
        return {};
    }

private:
    void take_bracketed(std::string_view text) noexcept
    {
        const std::size_t closing = text.find(']');
        if (closing == std::string_view::npos) {
            problem_ = "the bracket around the address is not closed";
            return;
        }
        host_ = text.substr(1, closing - 1);
        const std::string_view rest = text.substr(closing + 1);
        if (!rest.starts_with(':')) {
            problem_ = "a port is missing after the bracket, as in [::1]:4000";
            return;
        }
        port_ = rest.substr(1);
    }

    void take_plain(std::string_view text) noexcept
    {
        const std::size_t colon = text.find(':');
        if (colon == std::string_view::npos) {
            problem_ = "a port is missing, as in example.org:4000";
            return;
        }
        if (text.find(':', colon + 1) != std::string_view::npos) {
            problem_ = "an IPv6 address needs brackets, as in [::1]:4000";
            return;
        }
        host_ = text.substr(0, colon);
        port_ = text.substr(colon + 1);
    }

    // Whatever the locale.
    [[nodiscard]] bool belongs_in_host(char c) const noexcept
    {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool is_digit = c >= '0' && c <= '9';
        return is_letter || is_digit || c == '-' || c == '.' || c == '_' || (is_bracketed_ && (c == ':' || c == '%'));
    }

    bool is_bracketed_;
    std::string_view host_;
    std::string_view port_;
    std::string_view problem_;
};

} // namespace impl

inline std::optional<endpoint> endpoint::parse(std::string_view text, std::string_view* problem)
{
    const impl::endpoint_text parts(text);
    const std::optional<std::uint16_t> number = parse_port(parts.port());
    std::string_view found = parts.problem();
    if (found.empty() && !number) {
        found = "the port must be a number up to 65535, without zeros in front";
    }
    if (!found.empty()) {
        if (problem != nullptr) {
            *problem = found; // SRS_CPP_01_069
        }
        return std::nullopt; // SRS_CPP_01_008
    }
    return endpoint(std::string(parts.host()), *number); // SRS_CPP_01_007
}

} // namespace async_socket

#endif

/// \}
