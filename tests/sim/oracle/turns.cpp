// SPDX-License-Identifier: MIT
//
// Nobody starves: what is due is told after a bounded number of callbacks of any other socket of its thread, and a
// function of the program's own that would block is not asked again and again.

#include "oracle/oracle.h"

#include <map>

#include <sys/epoll.h>

namespace sim {

namespace {

// A turn is of 16 (SRS_ASYNC_SOCKET_LINUX_01_034). What becomes due in one is seen in the next round, and called back
// in the one after that, each time behind those who were first; and an event may have had its turn on top of it.
constexpr int most_callbacks_of_another = 64;

// At once, at once again, and after 1 ms (SRS_ASYNC_SOCKET_LINUX_01_035); a few more for news that come meanwhile.
constexpr int most_attempts_in_a_pause = 8;

} // namespace

void oracle::judge_turns(const operation_record& ended, time_point due) const
{
    std::map<const socket_record*, int> callbacks;
    for (auto each = turns_.rbegin(); each != turns_.rend() && each->when > due; ++each) {
        // What is being closed is served until it is.
        const bool is_other = each->socket != nullptr && each->socket != ended.socket &&
                              each->socket->now_is == life::open && each->socket->closes == 0;
        const bool is_in_between = each->thread == ended.called_on && each->when < ended.ended;
        if (is_other && is_in_between && ++callbacks[each->socket] > most_callbacks_of_another) {
            fail("%s is due, and socket %d has more than %d callbacks first", describe(ended).c_str(),
                 each->socket->number, most_callbacks_of_another);
        }
    }
}

void oracle::note_turn(const operation_record& called)
{
    turns_.push_back({now(), called.called_on, called.socket});
    constexpr std::size_t most_turns = 4096;
    if (turns_.size() > most_turns) {
        turns_.pop_front();
    }
}

void oracle::is_attempted(socket_record& socket, const operation_record& first, bool moves)
{
    const bool receives = is_receive(first.what);
    socket_record::attempts& row = socket.fruitless[receives ? 1 : 0];
    const bool is_ready = (socket.own->events() & (receives ? EPOLLIN : EPOLLOUT)) != 0;
    const bool is_news = row.first != &first || row.news != socket.own->news || now() > row.began + millisecond;
    if (moves || !is_ready || is_news) {
        row = {&first, moves || !is_ready ? 0 : 1, now(), socket.own->news};
    } else if (++row.count > most_attempts_in_a_pause) {
        fail("%s: the program's own function would block, and is asked %d times within %lld us",
             describe(first).c_str(), row.count, static_cast<long long>((now() - row.began) / microsecond));
    }
}

} // namespace sim
