// SPDX-License-Identifier: MIT

#include "bench/client.hpp"

#include "network/connections.hpp"
#include "terminal/error.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <optional>
#include <random>
#include <system_error>
#include <vector>

namespace asock {

namespace {

using async_socket::task;
using clock = std::chrono::steady_clock;

// Other bytes on each connection, so that an answer on the wrong one is noticed.
std::vector<std::byte> random_message(std::size_t size, std::uint64_t seed)
{
    std::vector<std::byte> message(size);
    std::mt19937_64 random(seed);
    std::generate(message.begin(), message.end(), [&random] { return static_cast<std::byte>(random() & 0xffU); });
    return message;
}

// Other bytes in each message, so that an answer to an earlier one is noticed.
void vary(std::vector<std::byte>& message, std::uint64_t sequence)
{
    std::memcpy(message.data(), &sequence, std::min(sizeof sequence, message.size()));
}

[[noreturn]] void fail_as_lost(const bench_state& state)
{
    throw failure(state.options.server.to_string() + " closed a connection",
                  "is it an echo server, and may it have that many connections?");
}

[[noreturn]] void fail_as_altered(const bench_state& state)
{
    throw failure(state.options.server.to_string() + " sent back something else than it was sent",
                  "is it an echo server?");
}

task<> connect_in_turn(bench_state& state, async_socket::socket& unconnected)
{
    check_interruption(co_await state.may_connect.acquire());
    co_await connect(unconnected, state.options.server, limit_from(state.options.timeout));
    state.may_connect.release();
}

// When the next message leaves, or was to leave; nothing at the end.
task<std::optional<clock::time_point>> next_start(bench_state& state)
{
    if (state.options.rate) {
        check_interruption(co_await state.due.acquire());
    }
    if (state.ending.load(std::memory_order_relaxed)) {
        co_return std::nullopt;
    }
    co_return state.options.rate ? state.times.time_of(state.begun.fetch_add(1, std::memory_order_relaxed))
                                 : clock::now();
}

} // namespace

task<> run_client(bench_state& state, std::uint64_t number)
{
    const async_socket::engine_ref engine = co_await async_socket::current_engine();
    std::vector<std::byte> outgoing = random_message(state.options.message_size, number);
    std::vector<std::byte> incoming(outgoing.size());
    std::error_code send_error;
    async_socket::semaphore sent(engine);
    async_socket::socket socket(engine); // destroyed first: its callbacks use all of the above
    co_await connect_in_turn(state, socket);
    state.connected.release();
    check_interruption(co_await state.may_begin.acquire());

    for (std::uint64_t sequence = 1;; ++sequence) {
        vary(outgoing, sequence);
        const std::optional<clock::time_point> begun = co_await next_start(state);
        if (!begun) {
            co_return;
        }
        const auto on_sent = [&send_error, &sent](const async_socket::io_result& result) {
            send_error = result.error;
            sent.release();
        };
        if (socket.async_send(outgoing, on_sent)) {
            fail_as_lost(state);
        }
        const auto [error, bytes] = co_await socket.receive_exactly(incoming);
        check_interruption(error);
        if (error) {
            fail_as_lost(state);
        }
        check_interruption(co_await sent.acquire());
        if (send_error) {
            fail_as_lost(state);
        }
        const clock::time_point ended = clock::now();
        if (std::memcmp(incoming.data(), outgoing.data(), outgoing.size()) != 0) {
            fail_as_altered(state);
        }
        if (*begun >= state.counted) {
            state.latencies.record(static_cast<std::uint64_t>(std::chrono::nanoseconds(ended - *begun).count()));
        }
    }
}

} // namespace asock
