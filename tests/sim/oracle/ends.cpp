// SPDX-License-Identifier: MIT
//
// The promise of close, and what is left at rest and at the end.

#include <algorithm>

#include <sys/epoll.h>

#include "oracle/oracle.h"
#include "world/memory.h"

namespace sim {

bool oracle::close_begins(socket_record& closed)
{
    const bool is_up = closed.now_is == life::open || closed.now_is == life::connecting;
    // Of two calls at the same time it cannot be said which comes first.
    const bool is_only_one = closed.closes++ == 0 && closed.opening == 0 && is_up;
    closed.is_contested = closed.is_contested || closed.closes > 1 || closed.opening != 0;
    ++closed.closes_begun;
    ++closing_threads[scheduler::thread_number()];
    const std::string line = "closes socket " + std::to_string(closed.number);
    world_.events.line(now(), scheduler::thread_number(), line.c_str());
    if (closed.closing_began == forever && is_up) {
        closed.closing_began = now();
    }
    if (is_only_one) {
        closed.now_is = life::closing;
    }
    return is_only_one;
}

void oracle::close_returns(socket_record& closed, bool is_only_one)
{
    const int thread = scheduler::thread_number();
    --closing_threads[thread];
    world_.events.line(now(), thread, ("has closed socket " + std::to_string(closed.number)).c_str());
    --closed.closes;
    if (!is_only_one || closed.is_contested) {
        return;
    }
    closed.now_is = life::closed;
    closed.is_quiet = true;
    // No callback of a program sleeps, so there is nothing that takes long to wait for.
    if (now() > closed.closing_began + 2 * slack()) {
        fail("the close of socket %d takes %lld us", closed.number,
             static_cast<long long>((now() - closed.closing_began) / microsecond));
    }
    for (const operation_record* each : closed.operations) {
        if (each->accepted && each->calls == 0) {
            fail("%s has not called back, and the close has returned", describe(*each).c_str());
        }
        // One that waits in a close itself may be what this one has left out, or has waited in one of a ring.
        const bool may_run = each->running_on == thread || closing_threads[each->running_on] != 0 || lines_.rings != 0;
        if (each->running_on != -1 && !may_run) {
            fail("the callback of %s still runs, and the close has returned", describe(*each).c_str());
        }
    }
}

// The socket is as it was.
void oracle::close_is_refused(socket_record& closed, bool is_only_one)
{
    --closing_threads[scheduler::thread_number()];
    --closed.closes;
    if (is_only_one && !closed.is_contested) {
        closed.now_is = life::open;
        closed.closing_began = forever;
    }
}

void oracle::background_close_ends(socket_record& closed)
{
    if (closed.is_quiet) {
        fail("socket %d: its close in the background ends twice", closed.number);
    }
    closed.now_is = life::closed;
    closed.is_quiet = true;
    for (const operation_record* each : closed.operations) {
        if (each->accepted && (each->calls == 0 || each->running_on != -1)) {
            fail("%s has not ended, and the socket is told to be closed", describe(*each).c_str());
        }
    }
}

void oracle::judge_outstanding(const operation_record& outstanding, bool is_first)
{
    const socket_record* const socket = outstanding.socket;
    const time_point limit = outstanding.began + outstanding.limit_ms * millisecond;
    if (outstanding.limit_ms != ASYNC_NO_TIMEOUT && limit + slack() < now()) {
        fail("%s has not ended by its limit", describe(outstanding).c_str());
    }
    if (outstanding.cancelled != forever && outstanding.cancelled + slack() < now()) {
        fail("%s was cancelled, and has not ended", describe(outstanding).c_str());
    }
    // A function of the program's own takes what it wants, and when; and what is being moved still has not come to
    // rest.
    if (socket == nullptr || socket->is_custom || socket->now_is != life::open ||
        outstanding.returned + slack() > now() || !world_.time.is_at_rest()) {
        return;
    }
    // A listener that was short of something looks again 100 ms later. SRS_ASYNC_LISTENER_01_013
    const auto& lacks = world_.lacks;
    const time_point over = std::max({lacks.descriptors_until, lacks.memory_until, lacks.accept_fails_until});
    if (outstanding.what == verb::accept && over + 100 * millisecond + slack() > now()) {
        return;
    }
    const std::uint32_t held = socket->own->events();
    const bool can_receive = (held & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    const bool can_send = (held & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0;
    const bool receives = is_receive(outstanding.what) || outstanding.what == verb::accept;
    const bool sends = is_send(outstanding.what) || outstanding.what == verb::shutdown_send;
    const bool could_end = (is_first && ((receives && can_receive) || (sends && can_send))) ||
                           (outstanding.what == verb::notify_in && can_receive) ||
                           (outstanding.what == verb::notify_out && can_send);
    if (could_end) {
        fail("%s could have ended (events %x), and has not", describe(outstanding).c_str(), held);
    }
}

void oracle::judge_rest()
{
    for (const auto& each : operations) {
        if (each->running_on != -1 && world_.time.is_at_rest()) {
            fail("the callback of %s does not return", describe(*each).c_str());
        }
        if (!each->accepted || each->calls != 0) {
            continue;
        }
        const bool is_first = each->socket != nullptr && (first_outstanding(*each->socket, true) == each.get() ||
                                                          first_outstanding(*each->socket, false) == each.get());
        judge_outstanding(*each, is_first);
    }
}

void oracle::judge_end()
{
    for (const auto& each : operations) {
        if (each->accepted && each->calls != 1) {
            fail("%s has never called back", describe(*each).c_str());
        }
    }
    for (const auto& each : sockets) {
        if (each->own != nullptr && !each->is_listener) {
            take_in_order(*each);
            judge_sent(*each);
        }
    }
    judge_lines();
    if (world_.open_descriptors() != 0) {
        fail("%zu descriptors are left open", world_.open_descriptors());
    }
    if (live_allocations() != 0) {
        fail("%zu blocks of memory are left", live_allocations());
    }
}

} // namespace sim
