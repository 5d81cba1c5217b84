// SPDX-License-Identifier: MIT

#include "network/diagnostics.hpp"

#include "terminal/error.hpp"

#include <async_socket/log.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <string_view>

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

// "execution_engine_create: no memory" begins with what only a programmer knows.
std::string without_function(const std::string& message)
{
    constexpr const char* of_names = "abcdefghijklmnopqrstuvwxyz_0123456789";
    const std::size_t end = message.find_first_not_of(of_names);
    return end != 0 && message.compare(std::min(end, message.size()), 2, ": ") == 0 ? message.substr(end + 2) : message;
}

template <bool verbose>
void on_log(ASYNC_SOCKET_LOG_LEVEL level, const char* message, void* /*context*/)
{
    if (level == ASYNC_SOCKET_LOG_LEVEL_ERROR) {
        const std::lock_guard lock(last_error_mutex);
        last_error = message;
    }
    // The one thing without which the library goes on, and others wait: there are no descriptors for a connection.
    if (level == ASYNC_SOCKET_LOG_LEVEL_WARNING && std::string_view(message).starts_with("async_listener")) {
        std::fputs("asock: too many connections are open; the next one waits until one ends\n", stderr);
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
    return last_error.empty() ? what_failed : what_failed + ": " + without_function(last_error);
}

} // namespace asock
