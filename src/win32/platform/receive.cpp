// SPDX-License-Identifier: MIT

#include "win32/socket/socket.hpp"

#include "api/platform/operations.hpp"
#include "common/diagnostics/log.hpp"
#include "win32/engine/execution_engine.hpp"
#include "win32/socket/receiving.hpp"
#include "win32/socket/tracked_operation.hpp"

namespace async_socket::detail {

constinit const std::size_t plain_record_size = sizeof(io_operation);
constinit const std::size_t telling_record_size = sizeof(tracked_operation);

namespace {

// One that nobody can end, and that is counted as being with the system.
bool start_at_once(const char* function, ASYNC_SOCKET_HANDLE socket, const operation_request& request) noexcept
{
    io_operation* operation = nullptr;
    if (request.says_how) {
        tracked_operation* const telling =
            tracked_operation::create_for(function, io_kind::receive_ex, socket, request);
        if (telling != nullptr) {
            static_cast<void>(telling->begin(nullptr));
        }
        operation = telling;
    } else {
        operation = io_operation::create(function, socket, io_kind::receive, request);
        if (operation != nullptr) {
            // SRS_ASYNC_SOCKET_WIN32_01_077, SRS_ASYNC_SOCKET_WIN32_01_076
            operation->on_receive_complete = request.callback.receive;
        }
    }
    if (operation != nullptr && give_receive(socket, operation) == 0) {
        return true;
    }
    if (operation != nullptr) {
        if (request.says_how) {
            static_cast<tracked_operation*>(operation)->withdraw();
        }
        io_operation::destroy(socket, operation);
    }
    leave_receives(socket, false);
    return false;
}

// Where it is its turn, it is given to the system here and now; otherwise whoever serves the line does so.
// SRS_ASYNC_SOCKET_WIN32_01_111
bool start_in_line(const char* function, ASYNC_SOCKET_HANDLE socket, const operation_request& request) noexcept
{
    tracked_operation* const operation = tracked_operation::create_for(
        function, request.says_how ? io_kind::receive_ex : io_kind::receive_in_line, socket, request);
    if (operation == nullptr) {
        return false;
    }
    ASYNC_OPERATION_ID name = 0;
    if (request.says_how) {
        name = operation->begin(request.id);
    } else {
        operation->on_receive_complete = request.callback.receive;
    }
    std::unique_lock lock(socket->operations.mutex);
    if (!socket->receives.begin(*operation)) {
        if (operation->reason.load(std::memory_order_acquire) != end_reason::none) {
            // A cancel that came before it was queued.
            end_queued_receive(*operation, end_reason::cancelled);
        } else {
            socket->engine->timers.schedule(*operation, operation->time_limit);
        }
        return true;
    }
    const bool is_alone = operation->can_end_early;
    lock.unlock();
    const bool has_begun = give_receive(socket, operation) == 0;
    lock.lock();
    if (has_begun) {
        start_timer_of(socket, name);
    } else {
        static_cast<void>(socket->receives.leave());
        if (is_alone) {
            socket->receives.was_alone();
        }
    }
    serve_receives(socket, lock);
    lock.unlock();
    if (!has_begun) {
        if (request.says_how) {
            operation->withdraw();
        }
        io_operation::destroy(socket, operation);
    }
    return has_begun;
}

} // namespace

// SRS_ASYNC_SOCKET_WIN32_01_083
bool start_receive(const char* function, ASYNC_SOCKET_HANDLE socket, const operation_request& request) noexcept
{
    const bool can_end_early = request.says_how && (request.id != nullptr || request.timeout_ms != ASYNC_NO_TIMEOUT);
    return !can_end_early && socket->receives.pass() ? start_at_once(function, socket, request)
                                                     : start_in_line(function, socket, request);
}

// SRS_ASYNC_SOCKET_WIN32_04_002
bool start_notification(const char* function, ASYNC_SOCKET_HANDLE, ASYNC_SOCKET_NOTIFY_IO_TYPE,
                        const operation_request&) noexcept
{
    log(ASYNC_SOCKET_LOG_LEVEL_ERROR, "%s: not offered on this platform", function);
    return false;
}

} // namespace async_socket::detail
