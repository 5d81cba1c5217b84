// SPDX-License-Identifier: MIT
//
// What holds for every operation: one callback, never inside the call, never after the close, not before its time and
// not much later.

#include "oracle/oracle.h"

#include <algorithm>
#include <cstdio>

namespace sim {

std::string oracle::describe(const operation_record& shown)
{
    char text[192];
    std::snprintf(text, sizeof text, "%s %d of socket %d (%u bytes, limit %u ms)", name_of(shown.what), shown.number,
                  shown.socket == nullptr ? -1 : shown.socket->number, shown.total, shown.limit_ms);
    return text;
}

void oracle::fail(const char* format, ...) const
{
    char text[512];
    std::va_list list;
    va_start(list, format);
    std::vsnprintf(text, sizeof text, format, list);
    va_end(list);
    world_.time.on_failure(text);
    std::abort();
}

socket_record& oracle::add_socket()
{
    sockets.push_back(std::make_unique<socket_record>());
    sockets.back()->number = static_cast<int>(sockets.size()) - 1;
    return *sockets.back();
}

operation_record& oracle::add_operation(verb what, socket_record* socket)
{
    operations.push_back(std::make_unique<operation_record>());
    operation_record& added = *operations.back();
    added.what = what;
    added.number = static_cast<int>(operations.size());
    added.socket = socket;
    if (socket != nullptr) {
        socket->operations.push_back(&added);
    }
    return added;
}

const operation_record* oracle::first_outstanding(const socket_record& socket, bool receives) const
{
    for (const operation_record* each : socket.operations) {
        const bool is_of_kind = receives ? is_receive(each->what) || each->what == verb::accept
                                         : is_send(each->what) || each->what == verb::shutdown_send;
        const bool may_be_started = each->accepted || each->starting_on != -1;
        if (is_of_kind && may_be_started && each->calls == 0) {
            return each;
        }
    }
    return nullptr;
}

void oracle::begins(operation_record& begun)
{
    begun.began = now();
    const socket_record* const socket = begun.socket;
    // A send and a receive of the program's own take what they want.
    if (socket != nullptr && socket->own != nullptr && !socket->is_custom) {
        const endpoint& own = *socket->own;
        if (is_receive(begun.what)) {
            begun.could_end_at_once = own.available() != 0 && first_outstanding(*socket, true) == nullptr;
        } else if (is_send(begun.what)) {
            begun.could_end_at_once = own.room() != 0 && first_outstanding(*socket, false) == nullptr;
        } else if (begun.what == verb::accept) {
            begun.could_end_at_once = own.waiting() != 0 && first_outstanding(*socket, true) == nullptr;
        }
    }
    begun.told_before = socket == nullptr ? 0 : socket->told_error;
    begun.is_too_late = socket != nullptr && socket->is_quiet;
    begun.starting_on = scheduler::thread_number();
    call_begins(function_of(begun.what));
    world_.events.line(now(), begun.starting_on, ("starts " + describe(begun)).c_str());
}

void oracle::returns(operation_record& begun, bool accepted)
{
    call_ends(!accepted);
    begun.starting_on = -1;
    begun.returned = now();
    begun.accepted = accepted;
    ++drawn_.calls;
    const std::string line = describe(begun) + (accepted ? " is accepted" : " is refused");
    world_.events.line(now(), scheduler::thread_number(), line.c_str());
    if (accepted && begun.is_too_late) {
        fail("%s is accepted by a closed socket", describe(begun).c_str());
    }
    if (!accepted) {
        ++drawn_.answers[static_cast<std::size_t>(begun.what)][tally::refused];
        if (begun.calls != 0) {
            fail("%s was refused, and has called back", describe(begun).c_str());
        }
        const socket_record* const socket = begun.socket;
        // Of a close at the same time it cannot be said which comes first.
        const bool is_open =
            socket == nullptr || (socket->now_is == life::open && socket->closes == 0 && !socket->is_contested);
        const bool is_sending = is_send(begun.what) || begun.what == verb::shutdown_send;
        const bool has_reason =
            !is_open || begun.what == verb::connect || may_lack_memory(begun.began) ||
            (is_sending && (socket->sending_is_over || socket->took_nothing || socket->own->past.failed_at <= now()));
        if (!has_reason) {
            fail("%s was refused for no reason", describe(begun).c_str());
        }
    }
}

void oracle::called(operation_record& ended, int result, int system_error, std::uint32_t bytes)
{
    const std::string text = describe(ended);
    char line[256];
    std::snprintf(line, sizeof line, "-> %s: %s, error %d, %u bytes", text.c_str(),
                  name_of_answer(ended.what, static_cast<std::size_t>(result)), system_error, bytes);
    const int thread = scheduler::thread_number();
    world_.events.line(now(), thread, line);
    if (++ended.calls != 1) {
        fail("%s has called back twice", text.c_str());
    }
    if (ended.returned != forever && !ended.accepted) {
        fail("%s was refused, and calls back", text.c_str());
    }
    if (ended.starting_on == thread) {
        fail("%s calls back inside the call that starts it", text.c_str());
    }
    if (thread == 0) {
        fail("%s calls back on a thread that is none of the engine's", text.c_str());
    }
    if (ended.socket != nullptr && ended.socket->is_quiet) {
        fail("%s calls back after the close has returned", text.c_str());
    }
    ended.running_on = thread;
    ended.called_on = thread;
    ended.ended = now();
    ended.result = result;
    ended.system_error = system_error;
    ended.bytes = bytes;
    ++drawn_.answers[static_cast<std::size_t>(ended.what)]
                    [std::min<std::size_t>(static_cast<std::size_t>(result), tally::most_results - 1)];
    judge_time(ended);
    judge_result(ended);
    if (is_receive(ended.what)) {
        take_in_order(*ended.socket);
    }
    note_turn(ended);
}

void oracle::callback_returns(operation_record& ended)
{
    ended.running_on = -1;
}

// A limit that has not passed ends nothing; one that has passed has ended it.
void oracle::judge_time(const operation_record& ended)
{
    const bool has_limit = ended.limit_ms != ASYNC_NO_TIMEOUT;
    const time_point limit = ended.began + ended.limit_ms * millisecond;
    const bool is_timed_out = ended.what == verb::delay || ended.what == verb::engine_delay
                                  ? ended.result == ASYNC_STATUS_OK
                                  : ended.says_how && ended.result == ASYNC_STATUS_TIMED_OUT && ended.system_error == 0;
    if (is_timed_out && (!has_limit || ended.ended < limit)) {
        fail("%s: its time was not over", describe(ended).c_str());
    }
    const time_point asked = std::min(ended.returned, ended.ended);
    if (is_timed_out) {
        judge_turns(ended, std::max(limit, asked));
    } else if (ended.cancel_told != forever) {
        judge_turns(ended, std::max(ended.cancel_told, asked));
    }
    const time_point latest = std::max(limit, asked) + slack();
    if (has_limit && ended.ended > latest) {
        fail("%s ends %lld us after its limit", describe(ended).c_str(),
             static_cast<long long>((ended.ended - limit) / microsecond));
    }
    if (ended.cancelled != forever && ended.ended > ended.cancelled + slack()) {
        fail("%s ends %lld us after it was cancelled", describe(ended).c_str(),
             static_cast<long long>((ended.ended - ended.cancelled) / microsecond));
    }
}

} // namespace sim
