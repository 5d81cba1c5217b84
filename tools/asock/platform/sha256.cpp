// SPDX-License-Identifier: MIT

#include "platform/sha256.hpp"

namespace asock {

std::string to_hex(const sha256_digest& digest)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(digest.size() * 2);
    for (const std::byte each : digest) {
        text += digits[std::to_integer<unsigned>(each) >> 4U];
        text += digits[std::to_integer<unsigned>(each) & 15U];
    }
    return text;
}

} // namespace asock
