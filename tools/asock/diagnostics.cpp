// SPDX-License-Identifier: MIT

#include "diagnostics.hpp"

#include "error.hpp"

#include <async_socket/log.h>

#include <cstdio>
#include <mutex>

namespace asock {

namespace {

// Written by the handler, on whichever thread the library reports from, and read by the main thread.
std::mutex last_error_mutex;
std::string last_error;

const char* name_of(ASYNC_SOCKET_LOG_LEVEL level)
{
    switch (level) {
    case ASYNC_SOCKET_LOG_LEVEL_ERROR:
        return "error";
    case ASYNC_SOCKET_LOG_LEVEL_WARNING:
        return "warning";
    case ASYNC_SOCKET_LOG_LEVEL_INFO:
        return "info";
    }
    return "message";
}

template <bool verbose>
void on_log(ASYNC_SOCKET_LOG_LEVEL level, const char* message, void* /*context*/)
{
    if (level == ASYNC_SOCKET_LOG_LEVEL_ERROR) {
        const std::lock_guard lock(last_error_mutex);
        last_error = message;
    }
    if constexpr (verbose) {
        std::fprintf(stderr, "asock: library %s: %s\n", name_of(level), message);
    }
}

} // namespace

diagnostics::diagnostics(bool verbose)
{
    async_socket_set_log_handler(verbose ? on_log<true> : on_log<false>, nullptr);
}

diagnostics::~diagnostics()
{
    async_socket_set_log_handler(nullptr, nullptr);
}

void forget_library_error()
{
    const std::lock_guard lock(last_error_mutex);
    last_error.clear();
}

std::string with_library_error(const std::string& what_failed)
{
    const std::lock_guard lock(last_error_mutex);
    return last_error.empty() ? what_failed : what_failed + ": " + last_error;
}

} // namespace asock
