// SPDX-License-Identifier: MIT

#include "linux/start_operation.hpp"

#include <cerrno>

#include "linux/system_error.hpp"
#include "linux/worker.hpp"

namespace async_socket::detail {

namespace {

// SRS_ASYNC_SOCKET_EX_01_003, SRS_ASYNC_SOCKET_EX_01_008, SRS_ASYNC_DELAY_01_003
void name_and_time(operation_extra& extra, const operation_wishes& wishes, std::uint64_t place) noexcept
{
    if (wishes.id != nullptr) {
        extra.id = next_operation_id(place);
        *wishes.id = extra.id;
    }
    extra.timer.due = due_in_ms(wishes.timeout_ms);
    extra.at_once = wishes.timeout_ms == 0;
}

} // namespace

operation* prepare_operation(worker& whose, ASYNC_SOCKET_HANDLE socket, work_kind kind, std::uint32_t buffer_count,
                             operation::callback_of_kind callback, void* callback_context,
                             const operation_wishes& wishes, std::uint64_t place) noexcept
{
    const bool uses_extra = wishes.id != nullptr || wishes.timeout_ms != ASYNC_NO_TIMEOUT;
    operation* const prepared = whose.make_operation(buffer_count, uses_extra);
    if (prepared == nullptr) {
        return nullptr;
    }
    if (uses_extra) {
        name_and_time(*prepared->extra, wishes, place);
    }
    prepared->kind = kind;
    prepared->socket = socket;
    prepared->callback = callback;
    prepared->callback_context = callback_context;
    prepared->says_how = wishes.says_how;
    prepared->has_ended = false;
    prepared->in_flight = false;
    prepared->total_length = 0;
    prepared->transferred = 0;
    prepared->buffer_count = buffer_count;
    prepared->current = 0;
    if (kind == work_kind::accept) {
        prepared->accepted = nullptr;
    }
    return prepared;
}

bool start_operation(const char* function, ASYNC_SOCKET_HANDLE socket, work_kind kind, const payload_view& payload,
                     operation::callback_of_kind callback, void* callback_context,
                     const operation_wishes& wishes) noexcept
{
    worker& own = *socket->worker.load(std::memory_order_relaxed);
    operation* const started =
        prepare_operation(own, socket, kind, payload.buffer_count, callback, callback_context, wishes);
    if (started == nullptr) {
        socket->life.withdraw_call();
        log_system_failure(function, "operator new", ENOMEM);
        return false;
    }
    started->total_length = payload.total_length;
    // The data itself is not copied.
    iovec* const buffers = started->buffers();
    for (std::uint32_t i = 0; i < payload.buffer_count; ++i) {
        buffers[i] = {payload.buffers[i].buffer, payload.buffers[i].length};
    }
    own.submit(started);
    // The operation may have ended by now, but for this call the socket is there.
    socket->life.end_call();
    return true;
}

} // namespace async_socket::detail
