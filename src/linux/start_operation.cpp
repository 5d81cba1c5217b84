// SPDX-License-Identifier: MIT

#include "linux/start_operation.hpp"

#include <cerrno>

#include "linux/system_error.hpp"
#include "linux/worker.hpp"

namespace async_socket::detail {

bool start_operation(const char* function, ASYNC_SOCKET_HANDLE socket, work_kind kind, const payload_view& payload,
                     operation::callback_of_kind callback, void* callback_context) noexcept
{
    operation* const started = socket->worker->make_operation(payload.buffer_count);
    if (started == nullptr) {
        socket->life.withdraw_call();
        log_system_failure(function, "operator new", ENOMEM);
        return false;
    }
    started->kind = kind;
    started->socket = socket;
    started->callback = callback;
    started->callback_context = callback_context;
    started->total_length = payload.total_length;
    started->transferred = 0;
    started->buffer_count = payload.buffer_count;
    started->current = 0;
    // The data itself is not copied.
    for (std::uint32_t i = 0; i < payload.buffer_count; ++i) {
        started->buffers[i] = {payload.buffers[i].buffer, payload.buffers[i].length};
    }
    socket->worker->submit(started);
    // The operation may have ended by now, but for this call the socket is there.
    socket->life.end_call();
    return true;
}

} // namespace async_socket::detail
