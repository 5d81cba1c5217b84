// SPDX-License-Identifier: MIT
//
// Every byte in its place: what receives are given, and what sends have made of the stream.

#include <algorithm>

#include "oracle/oracle.h"

namespace sim {

namespace {

// Since when the byte at this place of the stream has been there.
time_point arrival_of(const endpoint::history& past, std::uint64_t offset)
{
    const auto place = std::upper_bound(past.arrivals.begin(), past.arrivals.end(), offset,
                                        [](std::uint64_t wanted, const auto& each) { return wanted < each.first; });
    return place == past.arrivals.end() ? forever : place->second;
}

} // namespace

// Receives are filled in the order in which they were started. They call back in that order, too, but for those that
// somebody waits for inside another callback; so each is looked at when those before it have called back.
void oracle::take_in_order(socket_record& socket)
{
    for (; socket.looked_at < socket.operations.size(); ++socket.looked_at) {
        operation_record& next = *socket.operations[socket.looked_at];
        if (!is_receive(next.what) || (next.returned != forever && !next.accepted)) {
            continue;
        }
        if (next.calls == 0) {
            return;
        }
        const bool is_ok = next.says_how ? next.result == ASYNC_STATUS_OK : next.result == ASYNC_SOCKET_RECEIVE_OK;
        if (is_ok) {
            take_bytes(next);
        } else if (next.says_how && next.result == ASYNC_STATUS_END_OF_STREAM &&
                   socket.received != socket.own->past.arrived) {
            fail("%s: the stream has ended before its last bytes", describe(next).c_str());
        }
    }
}

void oracle::take_bytes(operation_record& ended)
{
    socket_record& socket = *ended.socket;
    if (ended.bytes > ended.total) {
        fail("%s holds %u bytes", describe(ended).c_str(), ended.bytes);
    }
    std::uint32_t left = ended.bytes;
    std::uint64_t offset = socket.received;
    for (const std::string& piece : ended.memory) {
        const std::size_t length = std::min<std::size_t>(left, piece.size());
        for (std::size_t i = 0; i < length; ++i) {
            if (socket.peer != nullptr && piece[i] != content_of(socket.peer->stream(), offset + i)) {
                fail("%s: byte %llu of the stream is not what was sent", describe(ended).c_str(),
                     static_cast<unsigned long long>(offset + i));
            }
        }
        left -= static_cast<std::uint32_t>(length);
        offset += length;
    }
    const time_point there = arrival_of(socket.own->past, socket.received);
    if (there > ended.ended) {
        fail("%s holds bytes that have not arrived", describe(ended).c_str());
    }
    const time_point asked = std::min(ended.returned, ended.ended);
    const time_point since = std::max({there, asked, socket.received_last, world_.lacks.memory_until});
    // A function of the program's own that would block is left alone for up to 64 ms, and may say so again.
    const time_point pause = socket.is_custom ? 1 * second : 0;
    if (ended.ended > since + pause + slack()) {
        fail("%s is given %lld us late what was there", describe(ended).c_str(),
             static_cast<long long>((ended.ended - since) / microsecond));
    }
    if (!socket.is_custom) {
        judge_turns(ended, since);
    }
    socket.received = offset;
    socket.received_last = std::max(socket.received_last, ended.ended);
}

// Whether the rest of what the system was given is the sends from this one on, one after the other, each of them whole
// or cut short as it has told. The fixed callback of a send that failed tells no count, so any is tried.
bool oracle::fits_sends(const socket_record& socket, std::size_t number, std::size_t offset) const
{
    const std::string& sent = socket.own->past.sent;
    while (number < socket.operations.size() &&
           (!is_send(socket.operations[number]->what) || !socket.operations[number]->accepted)) {
        ++number;
    }
    if (number == socket.operations.size()) {
        return offset == sent.size();
    }
    const operation_record& next = *socket.operations[number];
    const bool is_whole = next.says_how ? next.result == ASYNC_STATUS_OK : next.result == ASYNC_SOCKET_SEND_OK;
    const bool is_known = is_whole || next.says_how;
    const std::size_t told = is_whole || !is_known ? next.total : next.bytes;
    std::size_t found = 0;
    while (found < told && offset + found < sent.size() &&
           sent[offset + found] == content_of(static_cast<std::uint64_t>(next.number) << 20, found)) {
        ++found;
    }
    if (is_known) {
        return found == told && fits_sends(socket, number + 1, offset + found);
    }
    for (std::size_t left = found + 1; left-- != 0;) {
        if (fits_sends(socket, number + 1, offset + left)) {
            return true;
        }
    }
    return false;
}

void oracle::judge_sent(const socket_record& socket)
{
    if (!fits_sends(socket, 0, 0)) {
        fail("socket %d: what the system was given is not its sends, one after the other", socket.number);
    }
}

} // namespace sim
