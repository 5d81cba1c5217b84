// SPDX-License-Identifier: MIT

#include "relay/capacity.hpp"

#include <algorithm>

namespace asock {

std::uint32_t connections_for(std::uint64_t descriptors)
{
    constexpr std::uint64_t most = 32768;
    if (descriptors == 0) {
        return most;
    }
    // A connection has two; a connect that tries several addresses has more for a moment; the program has some itself.
    const std::uint64_t reserve = std::min<std::uint64_t>(100, descriptors / 2);
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>((descriptors - reserve) / 2, 1, most));
}

} // namespace asock
