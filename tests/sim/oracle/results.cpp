// SPDX-License-Identifier: MIT
//
// Which answers an operation may have.

#include <cerrno>

#include "oracle/oracle.h"

namespace sim {

namespace {

// The status that stands for an error of the connection.
int status_of(int error)
{
    switch (error) {
    case ETIMEDOUT:
        return ASYNC_STATUS_TIMED_OUT;
    case EHOSTUNREACH:
    case ENETUNREACH:
        return ASYNC_STATUS_UNREACHABLE;
    case ECONNREFUSED:
        return ASYNC_STATUS_REFUSED;
    case EIO:
        return ASYNC_STATUS_ERROR;
    default:
        return ASYNC_STATUS_RESET;
    }
}

} // namespace

void oracle::judge_result(operation_record& ended)
{
    const socket_record* const socket = ended.socket;
    if (is_receive(ended.what) && ended.says_how && ended.result != ASYNC_STATUS_OK && ended.bytes != 0) {
        fail("%s: %u bytes without OK", describe(ended).c_str(), ended.bytes);
    }
    if (ended.says_how && ended.result == ASYNC_STATUS_CANCELLED) {
        if (ended.cancelled == forever) {
            fail("%s is CANCELLED, and nobody has asked for that", describe(ended).c_str());
        }
        return;
    }
    if (ended.says_how && ended.result == ASYNC_STATUS_CLOSED) {
        if (socket == nullptr || socket->closing_began > ended.ended) {
            fail("%s is CLOSED, and nobody closes it", describe(ended).c_str());
        }
        return;
    }
    if (is_receive(ended.what)) {
        judge_receive(ended);
    } else if (is_send(ended.what) || ended.what == verb::shutdown_send) {
        judge_send(ended);
    } else if (ended.what == verb::accept) {
        judge_accept(ended);
    } else if (ended.what == verb::connect) {
        judge_connect(ended);
    } else if (ended.what == verb::notify_in || ended.what == verb::notify_out) {
        judge_notification(ended);
    } else if (ended.result != ASYNC_STATUS_OK) {
        fail("%s ends with %s", describe(ended).c_str(),
             name_of_answer(ended.what, static_cast<std::size_t>(ended.result)));
    }
}

// The error that a send or a receive tells: the connection's own, and once one was told no other.
void oracle::judge_error(const operation_record& ended, int told)
{
    socket_record& socket = *ended.socket;
    if (ended.result == ASYNC_STATUS_NO_RESOURCES && (told == ENOBUFS || told == ENOMEM)) {
        if (!socket.own->past.shortage) {
            fail("%s tells of a shortage that there was not", describe(ended).c_str());
        }
        return;
    }
    const bool is_programs = told == EIO && socket.took_nothing;
    if (socket.own->past.failed_at > ended.ended && !is_programs) {
        fail("%s tells error %d of a connection that is well", describe(ended).c_str(), told);
    }
    // A half close is no transfer: it tells that the connection is over, not why.
    if (ended.what == verb::shutdown_send && told == ENOTCONN && ended.result == ASYNC_STATUS_RESET) {
        return;
    }
    if (told != socket.own->past.error && told != EPIPE && !is_programs) {
        fail("%s tells error %d, not %d", describe(ended).c_str(), told, socket.own->past.error);
    }
    if (ended.result != status_of(told)) {
        fail("%s: error %d is not %s", describe(ended).c_str(), told,
             name_of_answer(ended.what, static_cast<std::size_t>(ended.result)));
    }
    if (socket.told_error != 0 && socket.told_error != told) {
        fail("%s tells error %d after another has told %d", describe(ended).c_str(), told, socket.told_error);
    }
    socket.told_error = told;
}

void oracle::judge_receive(operation_record& ended)
{
    socket_record& socket = *ended.socket;
    if (!ended.says_how) {
        judge_plain(ended);
        return;
    }
    if ((ended.result == ASYNC_STATUS_OK) != (ended.bytes != 0)) {
        fail("%s: %u bytes do not go with %s", describe(ended).c_str(), ended.bytes,
             name_of_answer(ended.what, static_cast<std::size_t>(ended.result)));
    }
    switch (ended.result) {
    case ASYNC_STATUS_OK:
        break;
    case ASYNC_STATUS_END_OF_STREAM:
        if (socket.own->past.finished_at > ended.ended) {
            fail("%s: the stream has not ended", describe(ended).c_str());
        }
        if (socket.told_error != 0 && !socket.is_out_of_order) {
            fail("%s: the stream has ended in order, after error %d was told", describe(ended).c_str(),
                 socket.told_error);
        }
        break;
    case ASYNC_STATUS_TIMED_OUT:
        if (ended.system_error == 0) {
            if (ended.limit_ms == 0 && ended.could_end_at_once && !socket.own->past.shortage) {
                fail("%s times out, though there was something to receive", describe(ended).c_str());
            }
            break;
        }
        [[fallthrough]];
    default:
        judge_error(ended, ended.system_error);
        break;
    }
}

void oracle::judge_send(const operation_record& ended)
{
    if (!ended.says_how) {
        judge_plain(ended);
        return;
    }
    switch (ended.result) {
    case ASYNC_STATUS_OK:
        if (is_send(ended.what) && ended.bytes != ended.total) {
            fail("%s is OK with %u bytes", describe(ended).c_str(), ended.bytes);
        }
        if (is_send(ended.what) && ended.told_before != 0) {
            fail("%s is OK, after error %d was told", describe(ended).c_str(), ended.told_before);
        }
        break;
    case ASYNC_STATUS_TIMED_OUT:
        if (ended.system_error == 0) {
            const endpoint::history& past = ended.socket->own->past;
            if (ended.limit_ms == 0 && ended.could_end_at_once && ended.bytes == 0 && !past.shortage) {
                fail("%s times out with nothing sent, though there was room", describe(ended).c_str());
            }
            break;
        }
        [[fallthrough]];
    default:
        judge_error(ended, ended.system_error);
        break;
    }
}

// The fixed callbacks tell less.
void oracle::judge_plain(const operation_record& ended)
{
    const socket_record& socket = *ended.socket;
    const endpoint::history& past = socket.own->past;
    const bool is_closed = socket.closing_began <= ended.ended;
    const bool has_failed = past.failed_at <= ended.ended;
    const bool receives = is_receive(ended.what);
    const bool is_ok = receives ? ended.result == ASYNC_SOCKET_RECEIVE_OK : ended.result == ASYNC_SOCKET_SEND_OK;
    const bool is_error =
        receives ? ended.result == ASYNC_SOCKET_RECEIVE_ERROR : ended.result == ASYNC_SOCKET_SEND_ERROR;
    if (is_ok) {
        return;
    }
    if (ended.bytes != 0) {
        fail("%s: %u bytes without OK", describe(ended).c_str(), ended.bytes);
    }
    const bool has_reason =
        is_error ? past.shortage || (has_failed && status_of(past.error) != ASYNC_STATUS_RESET) || socket.took_nothing
                 : is_closed || has_failed || (receives && past.finished_at <= ended.ended);
    if (!has_reason) {
        fail("%s ends with %s for no reason", describe(ended).c_str(),
             name_of_answer(ended.what, static_cast<std::size_t>(ended.result)));
    }
}

void oracle::judge_accept(const operation_record& ended)
{
    const bool lacks_memory = ended.result == ASYNC_STATUS_NO_RESOURCES && ended.system_error == ENOMEM;
    if (ended.result == ASYNC_STATUS_OK || (lacks_memory && may_lack_memory(ended.began))) {
        return;
    }
    if (ended.result != ASYNC_STATUS_TIMED_OUT || ended.system_error != 0) {
        fail("%s ends with %s, error %d", describe(ended).c_str(),
             name_of_answer(ended.what, static_cast<std::size_t>(ended.result)), ended.system_error);
    }
    const bool was_short =
        world_.lacks.descriptors_until >= ended.began || world_.lacks.accept_fails_until >= ended.began;
    if (ended.limit_ms == 0 && ended.could_end_at_once && !was_short) {
        fail("%s times out, though there was a connection", describe(ended).c_str());
    }
}

void oracle::judge_connect(const operation_record& ended)
{
    switch (ended.result) {
    case ASYNC_STATUS_OK:
        break;
    case ASYNC_STATUS_TIMED_OUT:
        if (ended.system_error != 0 && ended.ended < ended.began + 100 * second) {
            fail("%s: the system has not given up", describe(ended).c_str());
        }
        break;
    case ASYNC_STATUS_REFUSED:
    case ASYNC_STATUS_RESET:
        break;
    case ASYNC_STATUS_NAME_NOT_RESOLVED:
        if (!ended.by_name) {
            fail("%s: no name had to be resolved", describe(ended).c_str());
        }
        break;
    case ASYNC_STATUS_NO_RESOURCES:
        if (world_.lacks.descriptors_until < ended.began && !may_lack_memory(ended.began) && !ended.by_name) {
            fail("%s tells of a shortage that there was not", describe(ended).c_str());
        }
        break;
    default:
        fail("%s ends with %s", describe(ended).c_str(),
             name_of_answer(ended.what, static_cast<std::size_t>(ended.result)));
    }
}

void oracle::judge_notification(const operation_record& ended)
{
    const socket_record& socket = *ended.socket;
    const endpoint::history& past = socket.own->past;
    const bool is_in = ended.what == verb::notify_in;
    switch (ended.result) {
    case ASYNC_SOCKET_NOTIFY_IO_RESULT_ABANDONED:
        if (socket.closing_began > ended.ended) {
            fail("%s is abandoned, and nobody closes the socket", describe(ended).c_str());
        }
        break;
    case ASYNC_SOCKET_NOTIFY_IO_RESULT_ERROR:
        if (past.failed_at > ended.ended) {
            fail("%s tells an error of a connection that is well", describe(ended).c_str());
        }
        break;
    default:
        if ((ended.result == ASYNC_SOCKET_NOTIFY_IO_RESULT_IN) != is_in) {
            fail("%s tells of the other direction", describe(ended).c_str());
        }
        if (is_in && past.arrived == 0 && past.finished_at > ended.ended && past.failed_at > ended.ended &&
            socket.closing_began > ended.ended) {
            fail("%s: nothing has arrived", describe(ended).c_str());
        }
        break;
    }
}

} // namespace sim
