// SPDX-License-Identifier: MIT

#include "oracle/tally.h"

#include "async_socket/async_operation.h"
#include "async_socket/async_socket.h"

namespace sim {

namespace {

bool is_notification(verb what)
{
    return what == verb::notify_in || what == verb::notify_out;
}

} // namespace

const char* name_of_answer(verb what, std::size_t result)
{
    if (result == tally::refused) {
        return "refused";
    }
    const auto value = static_cast<int>(result);
    if (what == verb::send) {
        return async_socket_send_result_to_string(static_cast<ASYNC_SOCKET_SEND_RESULT>(value));
    }
    if (what == verb::receive) {
        return async_socket_receive_result_to_string(static_cast<ASYNC_SOCKET_RECEIVE_RESULT>(value));
    }
    if (is_notification(what)) {
        return async_socket_notify_io_result_to_string(static_cast<ASYNC_SOCKET_NOTIFY_IO_RESULT>(value));
    }
    return async_status_to_string(static_cast<ASYNC_STATUS>(value));
}

bool may_be_answered(verb what, std::size_t result)
{
    const auto status = static_cast<ASYNC_STATUS>(result);
    const bool is_of_all = result == tally::refused || status == ASYNC_STATUS_OK || status == ASYNC_STATUS_CLOSED;
    switch (what) {
    case verb::send:
    case verb::receive:
        return result <= 3;
    case verb::notify_in:
    case verb::notify_out:
        return result == tally::refused || result >= ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED
                   ? result <= 4
                   : result == (what == verb::notify_in ? 1U : 2U);
    case verb::send_ex:
    case verb::receive_ex:
    case verb::receive_on:
        return is_of_all || status == ASYNC_STATUS_RESET || status == ASYNC_STATUS_CANCELLED ||
               status == ASYNC_STATUS_TIMED_OUT || status == ASYNC_STATUS_NO_RESOURCES ||
               status == ASYNC_STATUS_UNREACHABLE || (what != verb::send_ex && status == ASYNC_STATUS_END_OF_STREAM);
    case verb::shutdown_send:
        return is_of_all || status == ASYNC_STATUS_RESET;
    case verb::delay:
        return is_of_all || status == ASYNC_STATUS_CANCELLED;
    case verb::engine_delay:
        return status == ASYNC_STATUS_OK || status == ASYNC_STATUS_CANCELLED;
    case verb::accept:
        return is_of_all || status == ASYNC_STATUS_CANCELLED || status == ASYNC_STATUS_TIMED_OUT ||
               status == ASYNC_STATUS_NO_RESOURCES;
    case verb::connect:
        return is_of_all || status == ASYNC_STATUS_CANCELLED || status == ASYNC_STATUS_TIMED_OUT ||
               status == ASYNC_STATUS_REFUSED || status == ASYNC_STATUS_NO_RESOURCES ||
               status == ASYNC_STATUS_NAME_NOT_RESOLVED;
    default:
        return false;
    }
}

} // namespace sim
