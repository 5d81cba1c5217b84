// SPDX-License-Identifier: MIT
//
// Bytes that tell where in a stream they stand, so that each byte that arrives is checked.

#ifndef ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_PATTERN_H
#define ASYNC_SOCKET_TESTS_CONTRACT_SUPPORT_PATTERN_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace contract {

using bytes = std::vector<unsigned char>;

inline constexpr std::size_t mebibyte = 1024 * 1024;

// The byte at `position`. Neighbours differ, and so do positions any power of two apart.
inline unsigned char pattern_at(std::uint64_t position)
{
    std::uint64_t word = position + 0x9e3779b97f4a7c15u;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
    return static_cast<unsigned char>(word >> 56);
}

inline bytes pattern(std::size_t length, std::uint64_t position = 0)
{
    bytes result(length);
    for (std::size_t i = 0; i != length; ++i) {
        result[i] = pattern_at(position + i);
    }
    return result;
}

// The index of the first byte that is not as the pattern has it from `position` on; `length` when all are.
inline std::size_t first_wrong_byte(const unsigned char* data, std::size_t length, std::uint64_t position = 0)
{
    std::size_t i = 0;
    while (i != length && data[i] == pattern_at(position + i)) {
        ++i;
    }
    return i;
}

} // namespace contract

#endif
