// SPDX-License-Identifier: MIT

#include "relay/link.hpp"

#include "network/elastic_buffer.hpp"
#include "platform/tcp_progress.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <system_error>

namespace asock {

namespace {

using async_socket::condition;
using async_socket::scope;
using async_socket::socket;
using async_socket::task;
using clock = std::chrono::steady_clock;

// When something moved last. Written by both directions and by the watch, which may run at the same time on some
// platforms, and read by the watch. It orders nothing, hence relaxed.
class activity {
public:
    void note() { last_.store(clock::now().time_since_epoch().count(), std::memory_order_relaxed); }
    clock::time_point last() const { return clock::time_point(clock::duration(last_.load(std::memory_order_relaxed))); }

private:
    std::atomic<clock::rep> last_{clock::now().time_since_epoch().count()};
};

// Each flag is set once, `has_ended` by the direction that comes from this side and `refuses` by the one that leads to
// it; each of the two then looks at the other flag, and so one of them sees both.
struct side {
    socket& connection;
    std::atomic<bool> has_ended{false}; // all that it has said was received, and its end
    std::atomic<bool> refuses{false};   // it takes nothing any more
};

struct link {
    relay_state& relay;
    scope& tasks; // the directions, and the watch over them
    side client;
    side target;
    activity moved{};         // only kept where there is an idle timeout
    std::atomic<int> left{2}; // directions whose stream has not ended in order; each subtracts itself once
    std::atomic<bool> idle{false};
};

struct direction {
    side& from;
    side& to;
    relay_counters::byte_counter& counter;
};

std::optional<tcp_progress> progress_of(const socket& connection)
{
    return tcp_progress_of(socket_transport_get_underlying_socket(async_socket_get_transport(connection.handle())),
                           connection.counters().bytes_sent);
}

// Waits until the peer's system has taken all that was sent, as long as it goes on taking: a reset throws away what is
// still on its way.
task<> wait_until_taken(const socket& connection)
{
    constexpr std::chrono::seconds patience{30};
    constexpr std::chrono::milliseconds longest_pause{100};
    std::uint64_t taken = 0;
    clock::time_point moved = clock::now();
    for (std::chrono::milliseconds pause{1};; pause = std::min(pause * 2, longest_pause)) {
        const std::optional<tcp_progress> progress = progress_of(connection);
        if (!progress || progress->on_the_way == 0) {
            co_return;
        }
        if (progress->acknowledged != taken) {
            taken = progress->acknowledged;
            moved = clock::now();
        } else if (clock::now() - moved >= patience) {
            co_return;
        }
        const std::error_code stopped = co_await async_socket::sleep_for(pause);
        if (stopped) {
            co_return;
        }
    }
}

// One side will say nothing any more, and will hear nothing: the other one gets what is left, and that is all.
task<> wind_up(link& both, side& other)
{
    co_await wait_until_taken(other.connection);
    both.tasks.request_stop();
}

// When the other side has told all that it had to tell, nothing is left to wait for.
task<> note_refusal(link& both, direction way)
{
    way.to.refuses.store(true);
    if (way.to.has_ended.load()) {
        co_await wind_up(both, way.from);
    }
}

// The last direction that has ended in order ends the watch.
task<> note_end(link& both, direction way)
{
    const std::error_code refused = co_await way.to.connection.shutdown_send();
    way.from.has_ended.store(true);
    if (way.from.refuses.load()) {
        co_await wind_up(both, way.to);
    } else if (refused) {
        co_await note_refusal(both, way);
    } else if (both.left.fetch_sub(1) == 1) {
        both.tasks.request_stop();
    }
}

// Reads one side to its end, even if the other one takes nothing any more: what is dropped then would otherwise keep
// the first one from hearing the answer.
task<> pass_on(link& both, direction way)
{
    elastic_buffer buffer;
    for (;;) {
        const auto [error, bytes] = co_await way.from.connection.receive(buffer.space());
        if (error == condition::end_of_stream) {
            break;
        }
        if (error) {
            if (error != condition::cancelled) {
                co_await wind_up(both, way.to);
            }
            co_return;
        }
        if (!way.to.refuses.load()) {
            const auto [failed, sent] = co_await way.to.connection.send_all(buffer.space().first(bytes));
            way.counter.add(sent);
            if (failed == condition::cancelled) {
                co_return;
            }
            if (failed) {
                co_await note_refusal(both, way);
            }
        }
        if (both.relay.idle_timeout) {
            both.moved.note();
        }
        buffer.received(bytes);
    }
    co_await note_end(both, way);
}

// Bytes that either peer's system has taken.
std::uint64_t taken_by_both(const link& both)
{
    std::uint64_t taken = 0;
    for (const side* each : {&both.client, &both.target}) {
        taken += progress_of(each->connection).value_or(tcp_progress()).acknowledged;
    }
    return taken;
}

// What goes slowly moves, too: a peer that reads little by little may take longer than the limit for one piece.
task<> watch_activity(link& both, std::chrono::milliseconds limit)
{
    const std::chrono::milliseconds period = std::max(limit / 4, std::chrono::milliseconds(1));
    std::uint64_t taken = taken_by_both(both);
    for (;;) {
        const clock::duration left = both.moved.last() + limit - clock::now();
        if (left <= clock::duration::zero()) {
            both.idle.store(true);
            both.tasks.request_stop();
            co_return;
        }
        const std::error_code stopped = co_await async_socket::sleep_for(std::min<clock::duration>(left, period));
        if (stopped) {
            co_return;
        }
        const std::uint64_t taken_now = taken_by_both(both);
        if (taken_now != taken) {
            taken = taken_now;
            both.moved.note();
        }
    }
}

} // namespace

task<relay_ending> relay_between(relay_state& state, socket& client, socket& target)
{
    const async_socket::engine_ref engine = co_await async_socket::current_engine();
    const std::stop_token stop = co_await async_socket::current_stop_token();
    scope tasks(engine);
    link both{state, tasks, {client}, {target}};
    std::exception_ptr problem;
    try {
        tasks.spawn(pass_on(both, direction{both.client, both.target, state.counters.to_target()}));
        tasks.spawn(pass_on(both, direction{both.target, both.client, state.counters.to_client()}));
        if (state.idle_timeout) {
            tasks.spawn(watch_activity(both, *state.idle_timeout));
        }
    } catch (...) {
        problem = std::current_exception(); // what has begun must end before it is thrown
        tasks.request_stop();
    }
    co_await tasks.join();
    if (problem) {
        std::rethrow_exception(problem);
    }
    if (both.left.load() == 0) {
        co_return relay_ending::in_order;
    }
    co_return both.idle.load() ? relay_ending::idle
    : stop.stop_requested()    ? relay_ending::interrupted
                               : relay_ending::error;
}

} // namespace asock
