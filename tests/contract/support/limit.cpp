// SPDX-License-Identifier: MIT

#include "support/limit.h"

#include <cstdlib>

namespace contract {

std::chrono::seconds generous_limit()
{
    static const std::chrono::seconds limit = [] {
        const char* const text = std::getenv("ASYNC_SOCKET_TEST_LIMIT_SECONDS");
        const long seconds = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
        return std::chrono::seconds(seconds > 0 ? seconds : 60);
    }();
    return limit;
}

} // namespace contract
