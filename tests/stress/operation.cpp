// SPDX-License-Identifier: MIT

#include "operation.h"

#include <cstddef>

namespace stress {

std::vector<ASYNC_SOCKET_BUFFER> operation::cut()
{
    std::vector<ASYNC_SOCKET_BUFFER> buffers;
    std::size_t at = 0;
    const std::uint32_t most = choice.in_100(50) ? 1 : 1 + choice.below(8);
    while (at != memory.size()) {
        const std::size_t left = memory.size() - at;
        const std::size_t length =
            buffers.size() + 1 == most ? left : 1 + choice.below(static_cast<std::uint32_t>(left));
        buffers.push_back({memory.data() + at, static_cast<std::uint32_t>(length)});
        at += length;
    }
    return buffers;
}

} // namespace stress
