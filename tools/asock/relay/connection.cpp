// SPDX-License-Identifier: MIT

#include "relay/connection.hpp"

#include "platform/tcp_progress.hpp"
#include "relay/link.hpp"

#include <exception>
#include <system_error>
#include <utility>

namespace asock {

namespace {

using async_socket::accepted_connection;
using async_socket::condition;
using async_socket::socket;
using async_socket::task;

std::optional<tcp_progress> progress_of(const socket& connection)
{
    return tcp_progress_of(socket_transport_get_underlying_socket(async_socket_get_transport(connection.handle())),
                           connection.counters().bytes_sent);
}

task<std::error_code> connect_to_target(relay_state& state, socket& target)
{
    co_return co_await target.connect(state.target, state.connect_timeout);
}

// Ends when the client has broken its connection.
task<> watch_for_break(const socket& client)
{
    constexpr std::chrono::milliseconds period{200};
    while (!progress_of(client).value_or(tcp_progress()).is_broken) {
        const std::error_code stopped = co_await async_socket::sleep_for(period);
        if (stopped) {
            co_return;
        }
    }
}

// A client that has gone is not worth the wait, and gives its place to the next one.
task<std::error_code> connect_for(const socket& client, relay_state& state, socket& target)
{
    if (!progress_of(client)) {
        co_return co_await connect_to_target(state, target); // the system would not tell
    }
    const auto first = co_await async_socket::when_any(connect_to_target(state, target), watch_for_break(client));
    co_return first.index == 0 ? std::get<0>(first.value) : async_socket::make_error_code(ASYNC_STATUS_RESET);
}

void note_target_down(relay_state& state, const std::error_code& error)
{
    if (!state.target_is_down.exchange(true)) {
        state.display.note("cannot connect to " + state.target.to_string() + ": " + error.message());
    }
}

// What arrives in small pieces is passed on so; and a peer that has vanished without a word is found out.
void prepare(socket& connection)
{
    connection.set_no_delay(true);
    connection.set_keep_alive(SOCKET_KEEP_ALIVE{60, 10, 6});
}

task<relay_ending> relay_from(relay_state& state, accepted_connection accepted)
{
    const async_socket::engine_ref engine = co_await async_socket::current_engine();
    const std::stop_token stop = co_await async_socket::current_stop_token();
    socket client = std::move(accepted).open(engine);
    if (!client) {
        co_return relay_ending::error;
    }
    prepare(client);

    // The target is connected from there, so that what comes from one side leaves to the other without waking anybody.
    const std::error_code moved = co_await async_socket::resume_on(client);
    if (moved) {
        client.reset();
        co_return stop.stop_requested() ? relay_ending::interrupted : relay_ending::error;
    }
    socket target(engine);
    const std::error_code error = co_await connect_for(client, state, target);
    if (error) {
        if (error != condition::cancelled && error != condition::reset) {
            note_target_down(state, error);
        }
        client.reset();
        target.reset();
        co_return stop.stop_requested() ? relay_ending::interrupted : relay_ending::error;
    }
    state.target_is_down.store(false);
    prepare(target);
    const relay_ending ending = co_await relay_between(state, client, target);
    if (ending != relay_ending::in_order) {
        client.reset();
        target.reset();
    }
    co_return ending;
}

// The exceptions are those of want of memory: this connection ends, the others go on.
task<relay_ending> relay_or_fail(relay_state& state, accepted_connection accepted)
{
    try {
        const relay_ending ending = co_await relay_from(state, std::move(accepted));
        co_return ending;
    } catch (const std::exception&) {
        co_return relay_ending::error;
    }
}

} // namespace

task<> relay_connection(relay_state& state, accepted_connection accepted)
{
    state.counters.opened();
    const relay_ending ending = co_await relay_or_fail(state, std::move(accepted));
    state.counters.ended(ending);
    state.room.release();
}

} // namespace asock
