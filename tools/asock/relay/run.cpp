// SPDX-License-Identifier: MIT

#include "relay/run.hpp"

#include "network/connections.hpp"
#include "platform/console.hpp"
#include "platform/limits.hpp"
#include "platform/resolver.hpp"
#include "relay/accepting.hpp"
#include "relay/capacity.hpp"
#include "relay/connection.hpp"
#include "relay/display.hpp"
#include "relay/own_target.hpp"
#include "terminal/error.hpp"
#include "terminal/exit_on_stop.hpp"
#include "terminal/output.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace asock {

namespace {

using async_socket::task;

// Told at the start, where somebody is looking; that the target is down is no reason not to begin.
resolved_host resolve_target(const async_socket::endpoint& target, const std::stop_token& stop)
{
    const exit_on_stop resolving(stop);
    resolved_host found = resolve(target.host);
    if (!found.problem.empty()) {
        throw failure("cannot resolve '" + target.host + "': " + found.problem, "check the name of the target");
    }
    return found;
}

std::uint32_t most_connections(const relay_options& options, std::uint32_t possible, relay_display& display)
{
    if (options.max_connections && *options.max_connections > possible) {
        display.note("there are descriptors for " + std::to_string(possible) +
                     " connections only (ulimit -n); the others wait until one ends");
    }
    return std::min(options.max_connections.value_or(possible), possible);
}

void announce_drain(std::uint64_t left, relay_display& display)
{
    if (left > 0) {
        display.note("waits for " + std::to_string(left) + (left == 1 ? " connection" : " connections") +
                     " to end; interrupt again to end at once");
    }
}

// Ends the accepting. Those whom the system has accepted already are served, as far as there are descriptors.
void stop_accepting(const relay_service& service, std::uint32_t possible)
{
    const std::uint64_t open = service.state.counters.figures().open;
    const std::size_t more = serve_backlog(service, open < possible ? static_cast<std::size_t>(possible - open) : 0);
    service.listener.close();
    announce_drain(open + more, service.state.display);
}

// Waits until all connections have ended; when the time is over, a stop is requested of those that are left.
task<> drain(async_socket::scope& connections, std::chrono::milliseconds limit)
{
    const auto ended = [&connections]() -> task<> { co_await connections.join(); };
    const auto time_is_over = [limit]() -> task<> { co_await async_socket::sleep_for(limit); };
    co_await async_socket::when_any(ended(), time_is_over());
}

} // namespace

void run_relay(const relay_options& options, const std::stop_token& stop)
{
    const resolved_host target = resolve_target(options.target, stop);
    async_socket::engine engine = create_engine(options.engine);
    async_socket::listener listener = listen_on(engine, options.listen_at, stop);
    if (leads_to(listener.local_endpoint(), target.addresses, options.target.port)) {
        throw failure("the target " + options.target.to_string() + " is this relay itself",
                      "--to names another server's address and port");
    }
    const std::uint32_t possible = connections_for(raise_descriptor_limit());

    relay_counters counters;
    {
        relay_display display(counters, options.show_figures, standard_error_is_terminal());
        async_socket::semaphore room(engine, most_connections(options, possible, display));
        const auto idle_timeout = options.idle_timeout;
        relay_state state{options.target,
                          options.connect_timeout,
                          idle_timeout == std::chrono::milliseconds::zero() ? std::nullopt
                                                                            : std::optional(idle_timeout),
                          room,
                          counters,
                          display};
        print("listening on " + listener.local_endpoint().to_string() + "\n");

        async_socket::scope connections(engine);
        const relay_service service{engine, listener, connections, state};
        accept_all(service, stop);
        stop_accepting(service, possible);
        engine.run(drain(connections, options.drain_timeout));
    }
    print(relay_summary(counters.figures()) + "\n");
}

} // namespace asock
