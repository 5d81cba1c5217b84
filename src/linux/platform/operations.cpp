// SPDX-License-Identifier: MIT
//
// The operations that a socket's worker is given.

#include "api/platform/operations.hpp"

#include <cerrno>

#include "common/diagnostics/log.hpp"
#include "linux/engine/worker.hpp"
#include "linux/platform/prepare_operation.hpp"
#include "linux/socket/socket.hpp"
#include "linux/system/system_error.hpp"

namespace async_socket::detail {

constinit const std::size_t telling_record_size = sizeof(operation);
constinit const std::size_t plain_record_size = sizeof(operation);

namespace {

// False, and reported, when there is no memory.
bool start(const char* function, ASYNC_SOCKET_HANDLE socket, work_kind kind, const operation_request& request) noexcept
{
    worker& own = *socket->worker.load(std::memory_order_relaxed);
    operation* const started = prepare_operation(own, socket, kind, request);
    if (started == nullptr) {
        log_system_failure(function, "operator new", ENOMEM);
        return false;
    }
    started->total_length = request.total_length;
    // The data itself is not copied.
    iovec* const buffers = started->buffers();
    for (std::uint32_t i = 0; i < request.buffer_count; ++i) {
        buffers[i] = {request.buffers[i].buffer, request.buffers[i].length};
    }
    own.submit(started);
    return true;
}

} // namespace

ASYNC_SOCKET_SEND_SYNC_RESULT start_send(const char* function, ASYNC_SOCKET_HANDLE socket,
                                         const operation_request& request) noexcept
{
    // SRS_ASYNC_SOCKET_LINUX_01_007, SRS_ASYNC_SOCKET_EX_01_017
    const bool is_broken = socket->broken.load(std::memory_order_relaxed);
    if (is_broken || socket->sending_is_over.load(std::memory_order_relaxed)) {
        log_refused(function, "async_socket", is_broken ? "is not connected any more" : "has closed its sending side");
        return ASYNC_SOCKET_SEND_SYNC_NOT_OPEN;
    }
    return start(function, socket, work_kind::send, request) ? ASYNC_SOCKET_SEND_SYNC_OK : ASYNC_SOCKET_SEND_SYNC_ERROR;
}

bool start_receive(const char* function, ASYNC_SOCKET_HANDLE socket, const operation_request& request) noexcept
{
    return start(function, socket, work_kind::receive, request);
}

bool start_notification(const char* function, ASYNC_SOCKET_HANDLE socket, ASYNC_SOCKET_NOTIFY_IO_TYPE type,
                        const operation_request& request) noexcept
{
    const work_kind kind = type == ASYNC_SOCKET_NOTIFY_IO_TYPE_IN ? work_kind::notify_in : work_kind::notify_out;
    return start(function, socket, kind, request);
}

bool start_shutdown(const char* function, ASYNC_SOCKET_HANDLE socket, const operation_request& request) noexcept
{
    // SRS_ASYNC_SOCKET_EX_01_017
    if (socket->sending_is_over.exchange(true, std::memory_order_relaxed)) {
        log_refused(function, "async_socket", "has closed its sending side before");
        return false;
    }
    if (!start(function, socket, work_kind::shutdown, request)) {
        socket->sending_is_over.store(false, std::memory_order_relaxed);
        return false;
    }
    return true;
}

bool start_socket_delay(const char* function, ASYNC_SOCKET_HANDLE socket, const operation_request& request) noexcept
{
    // The record of a delay always has a timer, and that goes with a name.
    ASYNC_OPERATION_ID unasked = 0;
    operation_request named = request;
    if (named.id == nullptr) {
        named.id = &unasked;
    }
    return start(function, socket, work_kind::delay, named);
}

bool start_accept(const char* function, ASYNC_SOCKET_HANDLE listener, const operation_request& request) noexcept
{
    return start(function, listener, work_kind::accept, request);
}

} // namespace async_socket::detail
