// SPDX-License-Identifier: MIT

#include "terminal/output.hpp"

#include "platform/standard_streams.hpp"
#include "platform/text.hpp"
#include "terminal/error.hpp"

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace asock {

void print(const std::string& text)
{
    if (was_closed(standard_stream::output)) {
        return;
    }
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
        const std::error_code reason(errno, std::generic_category());
        throw failure("cannot write to standard output: " + error_text(reason));
    }
}

} // namespace asock
