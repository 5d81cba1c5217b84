// SPDX-License-Identifier: MIT
//
// Errors of the system: as text, for the log; and the one that is none, an interruption by a signal.

#ifndef ASYNC_SOCKET_LINUX_SYSTEM_SYSTEM_ERROR_HPP
#define ASYNC_SOCKET_LINUX_SYSTEM_SYSTEM_ERROR_HPP

#include <cerrno>

namespace async_socket::detail {

// Leaves errno as it was, whatever happens within its scope.
class errno_guard {
public:
    errno_guard() noexcept : saved_(errno) {}
    ~errno_guard() { errno = saved_; }
    errno_guard(const errno_guard&) = delete;
    errno_guard& operator=(const errno_guard&) = delete;

private:
    int saved_;
};

// Makes a system call until no signal interrupts it.
template <typename system_call>
auto uninterrupted(system_call call) noexcept
{
    auto result = call();
    while (result == -1 && errno == EINTR) {
        result = call();
    }
    return result;
}

// Reports that `call` failed in `function` with `error`, a value of errno. Leaves errno as it was.
void log_system_failure(const char* function, const char* call, int error) noexcept;

// The same for what getaddrinfo and getnameinfo return; `system_error` is the errno that EAI_SYSTEM refers to.
void log_resolver_failure(const char* function, const char* call, int error, int system_error) noexcept;

} // namespace async_socket::detail

#endif
