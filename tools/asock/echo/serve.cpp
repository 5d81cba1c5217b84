// SPDX-License-Identifier: MIT

#include "echo/serve.hpp"

#include "network/connections.hpp"
#include "network/elastic_buffer.hpp"
#include "platform/limits.hpp"
#include "terminal/error.hpp"
#include "terminal/format.hpp"
#include "terminal/output.hpp"

#include <atomic>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace asock {

namespace {

using async_socket::accepted_connection;
using async_socket::task;

// Receives, sends what it has received, and only when that has left receives again: a peer that does not read what
// comes back stops its own session and nothing else. Counts what has gone back, whatever way the session ends.
task<> echo(accepted_connection connection, std::uint64_t& echoed)
{
    const async_socket::engine_ref engine = co_await async_socket::current_engine();
    async_socket::socket peer = std::move(connection).open(engine);
    elastic_buffer buffer;
    for (;;) {
        const auto [error, bytes] = co_await peer.receive(buffer.space());
        if (error) {
            co_return;
        }
        const auto [failed, sent] = co_await peer.send(buffer.space().first(bytes));
        if (failed) {
            co_return;
        }
        echoed += sent;
        buffer.received(bytes);
    }
}

// The exceptions are those of want of memory: this session ends, the others go on.
task<> echo_or_fail(accepted_connection connection, std::atomic<std::uint64_t>& echoed_by_all)
{
    std::uint64_t echoed = 0;
    try {
        co_await echo(std::move(connection), echoed);
    } catch (const std::exception&) {
        // Nobody is there to be told.
    }
    echoed_by_all.fetch_add(echoed, std::memory_order_relaxed); // read when all have ended
}

// Until it is interrupted. Begun where the listener is, each session goes on where the engine has placed its socket.
task<> serve_all(async_socket::listener& listener, async_socket::scope& sessions, std::uint64_t& served,
                 std::atomic<std::uint64_t>& echoed)
{
    for (;; ++served) {
        sessions.spawn(echo_or_fail(co_await next_connection(listener), echoed));
    }
}

} // namespace

void serve_echo(const echo_options& options, const std::stop_token& stop)
{
    raise_descriptor_limit();
    async_socket::engine engine = create_engine(options.engine);
    async_socket::listener listener = listen_on(engine, options.listen_at, stop);
    print("listening on " + listener.local_endpoint().to_string() + "\n");

    std::uint64_t served = 0;
    std::atomic<std::uint64_t> echoed{0};
    try {
        async_socket::scope sessions(engine); // requests a stop of those that are left, and waits for them
        engine.run(serve_all(listener, sessions, served, echoed), stop);
    } catch (const interrupted&) {
        print("served " + std::to_string(served) + (served == 1 ? " connection" : " connections") + ", echoed " +
              format_bytes(echoed.load()) + "\n");
    }
}

} // namespace asock
