// SPDX-License-Identifier: MIT

#include "endpoint.hpp"

#include <algorithm>
#include <charconv>

namespace asock {

namespace {

constexpr std::size_t longest_host = 253; // of a name in the domain name system; every address is shorter

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool belongs_in_name(char c)
{
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
}

// '%' introduces the zone of a link-local address, as in fe80::1%eth0.
bool belongs_in_bracketed_address(char c)
{
    return belongs_in_name(c) || c == ':' || c == '%';
}

} // namespace

std::optional<std::uint16_t> parse_port(std::string_view text)
{
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped_at, error] = std::from_chars(text.data(), end, port);
    if (text.empty() || error != std::errc() || stopped_at != end) {
        return std::nullopt;
    }
    return port;
}

namespace {

std::optional<endpoint> parse(std::string_view text, std::uint16_t lowest_port, std::string& problem)
{
    std::string_view host;
    std::string_view port;
    const bool bracketed = text.starts_with('[');
    if (bracketed) {
        const std::size_t closing = text.find(']');
        if (closing == std::string_view::npos) {
            problem = "the bracket around the address is not closed";
            return std::nullopt;
        }
        host = text.substr(1, closing - 1);
        const std::string_view rest = text.substr(closing + 1);
        if (!rest.starts_with(':')) {
            problem = "a port is missing after the bracket, as in [::1]:4000";
            return std::nullopt;
        }
        port = rest.substr(1);
    } else {
        const std::size_t colon = text.find(':');
        if (colon == std::string_view::npos) {
            problem = "a port is missing, as in example.org:4000";
            return std::nullopt;
        }
        if (text.find(':', colon + 1) != std::string_view::npos) {
            problem = "an IPv6 address needs brackets, as in [::1]:4000";
            return std::nullopt;
        }
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
    }

    if (host.empty()) {
        problem = "the host is missing, as in 127.0.0.1:4000";
        return std::nullopt;
    }
    if (host.size() > longest_host) {
        problem = "the host is too long";
        return std::nullopt;
    }
    if (!std::all_of(host.begin(), host.end(), bracketed ? belongs_in_bracketed_address : belongs_in_name)) {
        problem = "the host holds a character that no name and no address has";
        return std::nullopt;
    }
    if (bracketed && host.find(':') == std::string_view::npos) {
        problem = "brackets are for IPv6 addresses only";
        return std::nullopt;
    }
    const std::optional<std::uint16_t> number = parse_port(port);
    if (!number || *number < lowest_port) {
        problem = "the port must be a number from " + std::to_string(lowest_port) + " to 65535";
        return std::nullopt;
    }
    return endpoint{std::string(host), *number};
}

} // namespace

std::optional<endpoint> parse_endpoint(std::string_view text, std::string& problem)
{
    return parse(text, 1, problem);
}

std::optional<endpoint> parse_listen_endpoint(std::string_view text, std::string& problem)
{
    return parse(text, 0, problem);
}

std::string to_string(const endpoint& value)
{
    const bool needs_brackets = value.host.find(':') != std::string::npos;
    return (needs_brackets ? "[" + value.host + "]" : value.host) + ":" + std::to_string(value.port);
}

} // namespace asock
