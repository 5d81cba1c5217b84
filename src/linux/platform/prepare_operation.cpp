// SPDX-License-Identifier: MIT

#include "linux/platform/prepare_operation.hpp"

#include "linux/engine/worker.hpp"

namespace async_socket::detail {

namespace {

// SRS_ASYNC_SOCKET_EX_01_003, SRS_ASYNC_SOCKET_EX_01_008, SRS_ASYNC_DELAY_01_003
void name_and_time(operation_extra& extra, const operation_request& request, std::uint64_t place) noexcept
{
    if (request.id != nullptr) {
        extra.id = next_operation_id(place);
        *request.id = extra.id;
    }
    extra.timer.due = due_in_ms(request.timeout_ms);
    extra.at_once = request.timeout_ms == 0;
}

} // namespace

operation* prepare_operation(worker& whose, ASYNC_SOCKET_HANDLE socket, work_kind kind,
                             const operation_request& request, std::uint64_t place) noexcept
{
    const bool uses_extra = request.id != nullptr || request.timeout_ms != ASYNC_NO_TIMEOUT;
    operation* const prepared = whose.make_operation(request.buffer_count, uses_extra);
    if (prepared == nullptr) {
        return nullptr;
    }
    if (uses_extra) {
        name_and_time(*prepared->extra, request, place);
    }
    prepared->kind = kind;
    prepared->socket = socket;
    prepared->callback = request.callback;
    prepared->callback_context = request.context;
    prepared->says_how = request.says_how;
    prepared->has_ended = false;
    prepared->in_flight = false;
    prepared->total_length = 0;
    prepared->transferred = 0;
    prepared->buffer_count = request.buffer_count;
    prepared->current = 0;
    if (kind == work_kind::accept) {
        prepared->accepted = nullptr;
    }
    return prepared;
}

} // namespace async_socket::detail
