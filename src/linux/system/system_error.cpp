// SPDX-License-Identifier: MIT

#include "linux/system/system_error.hpp"

#include <netdb.h>

#include <cstring>

#include "common/diagnostics/log.hpp"

namespace async_socket::detail {

namespace {

// There are two functions of the name strerror_r: one says whether it has filled the buffer, the other returns a text
// that is perhaps not in it. Which one this is, is the C library's choice.
[[maybe_unused]] const char* text_of(int result, const char* buffer) noexcept
{
    return result == 0 ? buffer : "unknown error";
}

[[maybe_unused]] const char* text_of(const char* result, const char*) noexcept
{
    return result;
}

} // namespace

// SRS_ASYNC_SOCKET_LOG_01_003
void log_system_failure(const char* function, const char* call, int error) noexcept
{
    if (!log_is_on()) {
        return;
    }
    const errno_guard guard;
    char buffer[256] = "";
    log_failed(function, call, text_of(strerror_r(error, buffer, sizeof buffer), buffer), error);
}

// SRS_ASYNC_SOCKET_LOG_01_003
void log_resolver_failure(const char* function, const char* call, int error, int system_error) noexcept
{
    if (error == EAI_SYSTEM) {
        log_system_failure(function, call, system_error);
        return;
    }
    const errno_guard guard;
    log_failed(function, call, gai_strerror(error), error);
}

} // namespace async_socket::detail
