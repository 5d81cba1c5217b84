// SPDX-License-Identifier: MIT
//
// HOST:PORT: what is accepted can be printed and read back, and what is refused says why.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "async_socket/cpp/endpoint.hpp"
#include "expect.h"

namespace {

using async_socket::endpoint;

// The same as parse_port, the slow way.
std::optional<std::uint16_t> port_by_hand(std::string_view text)
{
    std::uint32_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        value = std::min<std::uint32_t>(value * 10 + static_cast<std::uint32_t>(c - '0'), 100'000);
    }
    if (text.empty() || value > 65535 || text != std::to_string(value)) {
        return std::nullopt;
    }
    return static_cast<std::uint16_t>(value);
}

bool can_be_printed(const std::string& text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    // In memory of its own size, not terminated, so that a read past the end is seen.
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    expect(endpoint::parse_port(text) == port_by_hand(text));

    std::string_view problem;
    const std::optional<endpoint> parsed = endpoint::parse(text, &problem);
    expect(endpoint::parse(text) == parsed);
    if (!parsed) {
        expect(!problem.empty());
        return 0;
    }
    expect(problem.empty());
    expect(!parsed->host.empty() && parsed->host.size() <= 253 && can_be_printed(parsed->host));
    expect(parsed->to_string() == text);
    return 0;
}
