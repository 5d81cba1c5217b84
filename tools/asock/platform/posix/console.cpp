// SPDX-License-Identifier: MIT

#include "platform/console.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace asock {

std::vector<std::string> utf8_arguments(int argc, const char* const* argv)
{
    return argc > 1 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>();
}

void prepare_console() {}

bool standard_error_is_terminal()
{
    return ::isatty(STDERR_FILENO) == 1;
}

std::size_t terminal_width()
{
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// That a write does not wait is a property of the open file, which other programs may share: so this takes one of its
// own. Where it cannot have one, it keeps silent.
void write_last_words(std::string_view text) noexcept
{
    struct stat status {};
    if (::fstat(STDERR_FILENO, &status) != 0) {
        return;
    }
    if (S_ISSOCK(status.st_mode)) {
        static_cast<void>(::send(STDERR_FILENO, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
        return;
    }
    const bool may_wait = !S_ISREG(status.st_mode);
    const int own = may_wait ? ::open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : STDERR_FILENO;
    if (own >= 0 && ::write(own, text.data(), text.size()) < 0) {
        return; // nobody is there to be told
    }
}

void end_process(int status)
{
    ::_exit(status);
}

} // namespace asock
