// SPDX-License-Identifier: MIT

#include "platform/standard_streams.hpp"

#include <array>
#include <cerrno>
#include <cstddef>

#include <fcntl.h>
#include <unistd.h>

namespace asock {

namespace {

// Written by open_closed_streams, before there is another thread, and only read afterwards.
std::array<bool, 3> closed{};

} // namespace

void open_closed_streams()
{
    // In ascending order: what is opened gets the lowest number that is free.
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) {
            closed.at(static_cast<std::size_t>(stream)) = true;
            static_cast<void>(::open("/dev/null", O_RDWR));
        }
    }
}

bool was_closed(standard_stream which)
{
    return closed.at(static_cast<std::size_t>(which));
}

} // namespace asock
