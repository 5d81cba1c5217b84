// SPDX-License-Identifier: MIT
//
// HOST:PORT: what is accepted can be printed and read back, and what is refused says why.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "endpoint.hpp"
#include "expect.h"

namespace {

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
    if (text.empty() || value > 65535) {
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
    expect(asock::parse_port(text) == port_by_hand(text));

    std::string problem;
    const std::optional<asock::endpoint> parsed = asock::parse_endpoint(text, problem);
    if (!parsed) {
        expect(!problem.empty());
        return 0;
    }
    expect(problem.empty());
    expect(!parsed->host.empty() && parsed->host.size() <= 253 && can_be_printed(parsed->host));
    expect(parsed->port != 0);
    expect(text.find(parsed->host) != std::string_view::npos);
    expect(asock::parse_endpoint(to_string(*parsed), problem) == parsed);
    return 0;
}
