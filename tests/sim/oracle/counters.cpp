// SPDX-License-Identifier: MIT
//
// At rest, counters are true: they say what callbacks have said.

#include "oracle/oracle.h"

#include <cinttypes>

namespace sim {

namespace {

struct range {
    std::uint64_t least = 0;
    std::uint64_t most = 0;

    void add(std::uint64_t value) { add(value, value); }
    void add(std::uint64_t lower, std::uint64_t upper)
    {
        least += lower;
        most += upper;
    }
    [[nodiscard]] bool holds(std::uint64_t value) const { return value >= least && value <= most; }
};

struct totals {
    range bytes_sent;
    range bytes_received;
    range sends;
    range receives;
    range errors;
    range pending;

    void add(const operation_record& each)
    {
        if (!each.accepted) {
            return;
        }
        pending.add(each.calls == 0 || each.running_on != -1 ? 1 : 0);
        if (each.calls == 0) {
            return;
        }
        const bool is_ok = each.result == ASYNC_STATUS_OK;
        if (is_send(each.what)) {
            sends.add(1);
            // The fixed callback does not say how much of a send that failed was sent.
            bytes_sent.add(is_ok ? each.total : each.bytes, each.total);
            errors.add(is_ok ? 0 : 1);
        } else if (is_receive(each.what)) {
            receives.add(1);
            bytes_received.add(each.bytes);
            // That of a receive says ABANDONED for the end of the stream and for what is no end in order.
            const bool may_be_end = each.says_how ? each.result == ASYNC_STATUS_END_OF_STREAM
                                                  : each.result == ASYNC_SOCKET_RECEIVE_ABANDONED;
            errors.add(is_ok || may_be_end ? 0 : 1, is_ok || (each.says_how && may_be_end) ? 0 : 1);
        }
    }
};

} // namespace

void oracle::judge_counter(const char* name, int socket, std::uint64_t told, std::uint64_t least,
                           std::uint64_t most) const
{
    if (told < least || told > most) {
        fail("the counter %s of %s %d is %" PRIu64 ", not %" PRIu64 " to %" PRIu64, name,
             socket < 0 ? "engine" : "socket", socket, told, least, most);
    }
}

void oracle::judge_counters(const socket_record& socket) const
{
    ASYNC_SOCKET_COUNTERS told{};
    if (socket.is_destroyed || socket.is_listener || socket.handle == nullptr) {
        return;
    }
    if (async_socket_get_counters(socket.handle, &told) != 0) {
        fail("the counters of socket %d cannot be read", socket.number);
    }
    totals expected;
    for (const operation_record* each : socket.operations) {
        expected.add(*each);
    }
    judge_counter("bytes_sent", socket.number, told.bytes_sent, expected.bytes_sent.least, expected.bytes_sent.most);
    judge_counter("bytes_received", socket.number, told.bytes_received, expected.bytes_received.least,
                  expected.bytes_received.most);
    judge_counter("sends", socket.number, told.sends, expected.sends.least, expected.sends.most);
    judge_counter("receives", socket.number, told.receives, expected.receives.least, expected.receives.most);
    judge_counter("errors", socket.number, told.errors, expected.errors.least, expected.errors.most);
    judge_counter("pending", socket.number, told.pending, expected.pending.least, expected.pending.most);
}

void oracle::judge_counters(EXECUTION_ENGINE_HANDLE engine) const
{
    // What is between two steps counts for one of them only.
    if (!world_.time.is_at_rest()) {
        return;
    }
    totals expected;
    std::uint64_t accepts = 0;
    std::uint64_t connects = 0;
    for (const auto& each : operations) {
        expected.add(*each);
        const bool is_ok = each->accepted && each->calls != 0 && each->result == ASYNC_STATUS_OK;
        accepts += is_ok && each->what == verb::accept ? 1 : 0;
        connects += is_ok && each->what == verb::connect ? 1 : 0;
    }
    range open;
    for (const auto& each : sockets) {
        judge_counters(*each);
        // One that is being connected has a thread already.
        const bool is_known = !each->is_contested || each->is_destroyed;
        const bool is_open = each->now_is == life::open;
        open.add(is_open && is_known ? 1 : 0,
                 !each->is_destroyed && (is_open || !is_known || each->now_is == life::connecting) ? 1 : 0);
    }
    EXECUTION_ENGINE_COUNTERS told{};
    if (execution_engine_get_counters(engine, &told) != 0) {
        fail("the counters of the engine cannot be read");
    }
    judge_counter("bytes_sent", -1, told.bytes_sent, expected.bytes_sent.least, expected.bytes_sent.most);
    judge_counter("bytes_received", -1, told.bytes_received, expected.bytes_received.least,
                  expected.bytes_received.most);
    judge_counter("sends", -1, told.sends, expected.sends.least, expected.sends.most);
    judge_counter("receives", -1, told.receives, expected.receives.least, expected.receives.most);
    judge_counter("errors", -1, told.errors, expected.errors.least, expected.errors.most);
    judge_counter("accepts", -1, told.accepts, accepts, accepts);
    judge_counter("connects", -1, told.connects, connects, connects);
    judge_counter("sockets", -1, told.sockets, open.least, open.most);
}

} // namespace sim
