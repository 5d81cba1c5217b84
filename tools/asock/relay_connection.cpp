// SPDX-License-Identifier: MIT

#include "relay_connection.hpp"

#include "elastic_buffer.hpp"

#include <exception>
#include <system_error>
#include <utility>

namespace asock {

namespace {

using async_socket::condition;
using async_socket::scope;
using async_socket::socket;
using async_socket::task;
using clock = std::chrono::steady_clock;

// When something moved last. Written by both directions, which may run at the same time on some platforms.
class activity {
public:
    void note() { last_.store(clock::now().time_since_epoch().count(), std::memory_order_relaxed); }
    clock::time_point last() const { return clock::time_point(clock::duration(last_.load(std::memory_order_relaxed))); }

private:
    std::atomic<clock::rep> last_{clock::now().time_since_epoch().count()};
};

// Both directions of a connection.
struct link {
    relay_state& relay;
    scope& tasks;             // the directions, and the watch over them
    activity moved{};         // only kept where there is an idle timeout
    std::atomic<int> left{2}; // directions whose stream has not ended in order
    std::atomic<bool> idle{false};
};

struct direction {
    socket& from;
    socket& to;
    relay_counters::byte_counter& counter;
};

// True when the stream has ended in order, and the other side was told.
task<bool> pass_on(link& both, direction way)
{
    elastic_buffer buffer;
    for (;;) {
        const auto [error, bytes] = co_await way.from.receive(buffer.space());
        if (error == condition::end_of_stream) {
            const std::error_code refused = co_await way.to.shutdown_send();
            co_return !refused;
        }
        if (error) {
            co_return false;
        }
        const auto [failed, sent] = co_await way.to.send_all(buffer.space().first(bytes));
        way.counter.add(sent);
        if (failed) {
            co_return false;
        }
        if (both.relay.idle_timeout) {
            both.moved.note();
        }
        buffer.received(bytes);
    }
}

// The first direction that fails ends the other one; the last one that has ended in order ends the watch.
task<> run_direction(link& both, direction way)
{
    const bool in_order = co_await pass_on(both, way);
    if (!in_order || both.left.fetch_sub(1) == 1) {
        both.tasks.request_stop();
    }
}

task<> watch_activity(link& both, std::chrono::milliseconds limit)
{
    for (;;) {
        const clock::duration left = both.moved.last() + limit - clock::now();
        if (left <= clock::duration::zero()) {
            both.idle.store(true);
            both.tasks.request_stop();
            co_return;
        }
        const std::error_code stopped = co_await async_socket::sleep_for(left);
        if (stopped) {
            co_return;
        }
    }
}

task<relay_ending> relay_between(relay_state& state, socket& client, socket& target)
{
    const async_socket::engine_ref engine = co_await async_socket::current_engine();
    const std::stop_token stop = co_await async_socket::current_stop_token();
    scope tasks(engine);
    link both{state, tasks};
    std::exception_ptr problem;
    try {
        tasks.spawn(run_direction(both, direction{client, target, state.counters.to_target()}));
        tasks.spawn(run_direction(both, direction{target, client, state.counters.to_client()}));
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

task<relay_ending> relay_from(relay_state& state, transport_ptr accepted)
{
    const async_socket::engine_ref engine = co_await async_socket::current_engine();
    socket client = socket::adopt(engine, accepted.get());
    if (!client) {
        co_return relay_ending::error;
    }
    static_cast<void>(accepted.release()); // it is the socket's now

    socket target(engine);
    const std::error_code error = co_await target.connect(state.target, state.connect_timeout);
    if (error) {
        if (error != condition::cancelled && !state.target_is_down.exchange(true)) {
            state.display.note("cannot connect to " + state.target.to_string() + ": " + error.message());
        }
        client.reset();
        co_return error == condition::cancelled ? relay_ending::interrupted : relay_ending::error;
    }
    state.target_is_down.store(false);

    // What arrived in small pieces is passed on so.
    client.set_no_delay(true);
    target.set_no_delay(true);
    const relay_ending ending = co_await relay_between(state, client, target);
    if (ending != relay_ending::in_order) {
        client.reset();
        target.reset();
    }
    co_return ending;
}

// The exceptions are those of want of memory: this connection ends, the others go on.
task<relay_ending> relay_or_fail(relay_state& state, transport_ptr accepted)
{
    try {
        const relay_ending ending = co_await relay_from(state, std::move(accepted));
        co_return ending;
    } catch (const std::exception&) {
        co_return relay_ending::error;
    }
}

} // namespace

task<> relay_connection(relay_state& state, transport_ptr accepted, [[maybe_unused]] connection_gate::place place)
{
    state.counters.opened();
    const relay_ending ending = co_await relay_or_fail(state, std::move(accepted));
    state.counters.ended(ending);
}

} // namespace asock
