// SPDX-License-Identifier: MIT

#include "transfer/await_sender.hpp"

#include "network/connections.hpp"
#include "terminal/error.hpp"

#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>

namespace asock {

namespace {

using async_socket::accepted_connection;
using async_socket::task;

struct search {
    search(async_socket::listener& where, async_socket::engine_ref engine)
        : listener(where), tasks(engine), places(engine, most_at_once), over(engine)
    {
    }

    static constexpr std::size_t most_at_once = 64;

    async_socket::listener& listener;
    async_socket::scope tasks;
    async_socket::semaphore places; // for those whose answer is awaited
    async_socket::semaphore over;   // released when there is one, or a problem

    std::mutex mutex; // for the following, which the tasks write, some of them on several threads at a time
    std::optional<found_sender> found;
    std::exception_ptr problem;
    std::string last_stranger; // who it was, and what was wrong
};

void note_stranger(search& state, const std::string& who)
{
    const std::lock_guard lock(state.mutex);
    state.last_stranger = who;
}

// What the bytes are that have come so far; nothing: more are needed.
std::optional<wire::stream_decoder::event> judge(std::span<const std::byte> header)
{
    wire::stream_decoder decoder;
    const wire::stream_decoder::event seen = decoder.next(header);
    return seen == wire::stream_decoder::event::need_more ? std::nullopt : std::optional(seen);
}

// A sender says its header as soon as it has heard the hello: one that needs longer is none.
task<> greet(search& state, accepted_connection accepted)
{
    constexpr std::chrono::seconds longest{10};
    const async_socket::engine_ref engine = co_await async_socket::current_engine();
    found_sender candidate{std::move(accepted).open(engine), {}};
    const async_socket::endpoint peer = candidate.connection.peer_endpoint();
    const std::string name = peer.host.empty() ? "somebody" : peer.to_string(); // who may have gone again
    const wire::bytes hello = wire::encode_hello();
    // That it could not be sent is seen in what is received.
    static_cast<void>(co_await candidate.connection.send_all(hello, longest));
    std::optional<wire::stream_decoder::event> seen;
    for (std::size_t size = 0; !seen;) {
        const auto [error, bytes] =
            co_await candidate.connection.receive(std::span(candidate.header).subspan(size), longest);
        if (error) {
            note_stranger(state, name + " has said nothing that a sender says");
            co_return;
        }
        size += bytes;
        seen = judge(std::span(candidate.header).first(size));
    }
    if (seen != wire::stream_decoder::event::header) {
        const bool other_version = seen == wire::stream_decoder::event::other_version;
        note_stranger(state, name + (other_version ? " is an asock of another version" : " is not `asock send`"));
        co_return;
    }
    {
        const std::lock_guard lock(state.mutex);
        if (!state.found) {
            state.found = std::move(candidate);
        }
    }
    state.over.release();
}

task<> greet_in_turn(search& state, accepted_connection accepted)
{
    try {
        co_await greet(state, std::move(accepted));
    } catch (const std::exception&) {
        // Want of memory: this one is dropped.
    }
    state.places.release();
}

task<> greet_all(search& state)
{
    try {
        for (;;) {
            check_interruption(co_await state.places.acquire());
            accepted_connection accepted = co_await next_connection(state.listener);
            state.tasks.spawn(greet_in_turn(state, std::move(accepted)));
        }
    } catch (...) {
        const std::lock_guard lock(state.mutex);
        state.problem = std::current_exception();
    }
    state.over.release();
}

[[noreturn]] void fail_as_none_came(const search& state, std::chrono::seconds patience)
{
    std::string what = "no `asock send` has come for " + std::to_string(patience.count()) + " s";
    if (!state.last_stranger.empty()) {
        what += ", and " + state.last_stranger;
    }
    throw failure(what, "start it on the other side, or allow more with --timeout");
}

} // namespace

task<found_sender> await_sender(async_socket::listener& listener, std::chrono::seconds patience)
{
    const async_socket::engine_ref engine = co_await async_socket::current_engine();
    search state(listener, engine);
    state.tasks.spawn(greet_all(state));
    const std::error_code error = co_await state.over.acquire(limit_from(patience));
    listener.close(); // the next sender is refused, not left waiting
    state.tasks.request_stop();
    co_await state.tasks.join();
    if (state.found) {
        co_return std::move(*state.found);
    }
    check_interruption(error);
    if (error) {
        fail_as_none_came(state, patience);
    }
    std::rethrow_exception(state.problem);
}

} // namespace asock
