// SPDX-License-Identifier: MIT

#include "common/diagnostics/log.hpp"

#include "common/diagnostics/forked_child.hpp"

#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <mutex>

namespace async_socket::detail {

namespace {

// The handler and its context are written and read under the mutex, which is held while the handler runs: that is what
// keeps calls from overlapping, and what makes async_socket_set_log_handler wait for one that runs.
std::mutex handler_mutex;
ON_ASYNC_SOCKET_LOG handler = nullptr;
void* handler_context = nullptr;

// Whether a handler is installed. A hint only: read without the mutex so that silence costs nothing.
std::atomic<bool> handler_is_installed{false};

thread_local bool inside_handler = false;

// Under the mutex.
void call_handler(ASYNC_SOCKET_LOG_LEVEL level, const char* message) noexcept
{
    if (handler != nullptr) {
        inside_handler = true;
        handler(level, message, handler_context);
        inside_handler = false;
    }
}

} // namespace

// SRS_ASYNC_SOCKET_LOG_01_001
bool log_is_on() noexcept
{
    return handler_is_installed.load(std::memory_order_relaxed);
}

// SRS_ASYNC_SOCKET_LOG_01_002
void log(ASYNC_SOCKET_LOG_LEVEL level, const char* format, ...) noexcept
{
    if (!log_is_on() || inside_handler) {
        return;
    }
    char message[512];
    std::va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);

    const std::lock_guard lock(handler_mutex);
    call_handler(level, message);
}

void log_at_once(ASYNC_SOCKET_LOG_LEVEL level, const char* message) noexcept
{
    if (!log_is_on() || inside_handler) {
        return;
    }
    const std::unique_lock lock(handler_mutex, std::try_to_lock);
    if (lock.owns_lock()) {
        call_handler(level, message);
    }
}

// SRS_EXECUTION_ENGINE_LINUX_01_031
void report_forked_child(const char* function) noexcept
{
    static std::atomic<bool> is_reported{false};
    if (is_reported.exchange(true, std::memory_order_relaxed)) {
        return;
    }
    char message[256];
    std::snprintf(message, sizeof message,
                  "%s: this process was forked while the library had threads, which it has not: nothing works in it",
                  function);
    log_at_once(ASYNC_SOCKET_LOG_LEVEL_ERROR, message);
}

// SRS_ASYNC_SOCKET_LOG_01_003, SRS_ASYNC_SOCKET_GUARANTEE_01_009
void log_refused(const char* function, const char* argument, const char* reason) noexcept
{
    log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "%s: %s %s", function, argument, reason);
}

// SRS_ASYNC_SOCKET_LOG_01_003, SRS_ASYNC_SOCKET_GUARANTEE_01_010
void log_failed(const char* function, const char* call, const char* error_text, long error_number) noexcept
{
    log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "%s: %s failed: %s (%ld)", function, call, error_text, error_number);
}

} // namespace async_socket::detail

// SRS_ASYNC_SOCKET_LOG_01_004, SRS_ASYNC_SOCKET_LOG_01_005
int async_socket_set_log_handler(ON_ASYNC_SOCKET_LOG on_log, void* context)
{
    using namespace async_socket::detail;
    // The mutex may have been left locked, too. SRS_EXECUTION_ENGINE_LINUX_01_030
    if (inside_handler || refused_in_child(__func__)) {
        return 1;
    }
    const std::lock_guard lock(handler_mutex);
    handler = on_log;
    handler_context = context;
    handler_is_installed.store(on_log != nullptr, std::memory_order_relaxed);
    return 0;
}
