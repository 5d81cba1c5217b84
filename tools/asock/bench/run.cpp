// SPDX-License-Identifier: MIT

#include "bench/run.hpp"

#include "bench/client.hpp"
#include "bench/pacer.hpp"
#include "bench/report.hpp"
#include "network/connections.hpp"
#include "platform/limits.hpp"
#include "terminal/error.hpp"
#include "terminal/output.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace asock {

namespace {

using async_socket::sleep_for;
using async_socket::task;
using clock = std::chrono::steady_clock;

clock::duration to_clock(double seconds)
{
    return std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(seconds));
}

// When all clients have connected, lets them work for the time that was asked for, then end; and waits no longer for
// that than the time limit.
task<> conduct(bench_state& state, clock::time_point& ending)
{
    const bench_options& options = state.options;
    for (std::uint32_t number = 0; number < options.connections; ++number) {
        check_interruption(co_await state.connected.acquire());
    }
    const clock::time_point begin = clock::now();
    state.counted = begin + to_clock(options.warm_up);
    ending = state.counted + to_clock(options.seconds);
    std::optional<pacer> pacing;
    if (options.rate) {
        state.times = schedule(begin, *options.rate);
        pacing.emplace(state.due, state.times, state.times.due_before(ending));
    }
    state.may_begin.release(options.connections);
    check_interruption(co_await sleep_for(ending - clock::now()));
    pacing.reset();
    state.ending.store(true, std::memory_order_relaxed);
    state.due.release(options.connections); // those who wait for their time
    const bool limited = options.timeout != std::chrono::seconds::zero();
    check_interruption(co_await sleep_for(limited ? options.timeout : std::chrono::seconds::max()));
}

// With a rate: the messages that were to leave before the end, and for which no connection was free. Each has waited so
// long at least, which is noted. Returns how many there are.
std::uint64_t note_unsent(bench_state& state, clock::time_point ending)
{
    std::uint64_t unsent = 0;
    const std::uint64_t due = state.times.due_before(ending);
    for (std::uint64_t number = state.begun.load(std::memory_order_relaxed); number < due; ++number) {
        const clock::time_point begun = state.times.time_of(number);
        if (begun >= state.counted) {
            state.latencies.record(static_cast<std::uint64_t>(std::chrono::nanoseconds(ending - begun).count()));
            ++unsent;
        }
    }
    return unsent;
}

// Whatever happens, all clients have ended.
task<bench_result> measure(bench_state& state, async_socket::scope& clients)
{
    const bench_options& options = state.options;
    clock::time_point ending = clock::now();
    const auto all_ended = [&clients]() -> task<> { co_await clients.join(); };
    const auto first = co_await async_socket::when_any(all_ended(), conduct(state, ending));
    const clock::time_point ended = clock::now();
    if (first.index != 0) {
        throw failure(state.options.server.to_string() + " has not sent back a message for " +
                          std::to_string(state.options.timeout.count()) + " s",
                      "is it an echo server? --timeout allows it more");
    }
    bench_result result{options.server, options.connections, options.message_size,
                        std::chrono::duration<double>(ended - state.counted).count()};
    if (options.rate) {
        result.rate = options.rate;
        result.unsent = note_unsent(state, ending);
    }
    co_return result;
}

} // namespace

void run_bench(const bench_options& options, const std::stop_token& stop)
{
    raise_descriptor_limit();
    async_socket::engine engine = create_engine(options.engine);
    const auto state = std::make_unique<bench_state>(options, engine);
    bench_result result;
    {
        async_socket::scope clients(engine);
        // Begun from here, which is no thread of the engine, the clients are spread over all that are.
        for (std::uint32_t number = 0; number < options.connections; ++number) {
            clients.spawn(run_client(*state, number));
        }
        result = engine.run(measure(*state, clients), stop);
    }
    print(options.json ? bench_json(result, state->latencies) : bench_text(result, state->latencies));
}

} // namespace asock
