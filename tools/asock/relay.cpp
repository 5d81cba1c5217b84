// SPDX-License-Identifier: MIT

#include "relay.hpp"

#include "connection_gate.hpp"
#include "error.hpp"
#include "network.hpp"
#include "platform.hpp"
#include "relay_connection.hpp"
#include "relay_display.hpp"
#include "resolver.hpp"
#include "stop_signal.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

namespace asock {

namespace {

// Told at the start, where somebody is looking; that the target is down is no reason not to begin.
void check_that_it_resolves(const endpoint& target, const std::stop_token& stop)
{
    const exit_on_stop resolving(stop);
    const std::string problem = why_not_resolvable(target.host);
    if (!problem.empty()) {
        throw failure("cannot resolve '" + target.host + "': " + problem, "check the name of the target");
    }
}

std::uint32_t most_connections(const relay_options& options, relay_display& display)
{
    const std::uint32_t possible = connections_for(raise_descriptor_limit());
    if (options.max_connections && *options.max_connections > possible) {
        display.note("there are descriptors for " + std::to_string(possible) +
                     " connections only (ulimit -n); the others wait until one ends");
    }
    return std::min(options.max_connections.value_or(possible), possible);
}

// Until a stop is requested. A connection is accepted only when there is room for it; until then the system keeps it.
void accept_all(const transport_ptr& listener, connection_gate& gate, async_socket::scope& connections,
                relay_state& state, const std::stop_token& stop)
{
    patient_acceptor acceptor(listener);
    try {
        while (std::optional<connection_gate::place> place = gate.enter(stop)) {
            transport_ptr accepted = acceptor.accept(stop);
            // Begun from here, which is no thread of the engine, the connections are spread over all that are.
            connections.spawn(relay_connection(state, std::move(accepted), std::move(*place)));
        }
    } catch (const interrupted&) {
    }
}

void drain(connection_gate& gate, async_socket::scope& connections, const relay_options& options,
           relay_display& display)
{
    const std::uint32_t left = gate.taken();
    if (left > 0) {
        display.note("waits for " + std::to_string(left) + (left == 1 ? " connection" : " connections") +
                     " to end; interrupt again to end at once");
    }
    if (!gate.wait_until_empty(options.drain_timeout)) {
        connections.request_stop();
    }
}

} // namespace

void run_relay(const relay_options& options, const std::stop_token& stop, const std::stop_token& impatient)
{
    const exit_on_stop at_once(impatient);
    check_that_it_resolves(options.target, stop);
    const async_socket::engine engine(create_engine(options.engine).release());
    transport_ptr listener = listen_on(options.listen_at.host, options.listen_at.port);

    relay_counters counters;
    {
        relay_display display(counters, options.show_figures, standard_error_is_terminal());
        connection_gate gate(most_connections(options, display));
        relay_state state{{options.target.host, options.target.port},
                          options.connect_timeout,
                          options.idle_timeout,
                          counters,
                          display};
        std::printf("listening on %s\n", to_string(local_endpoint(listener)).c_str());
        std::fflush(stdout);

        async_socket::scope connections(engine); // waits for them all at the end
        accept_all(listener, gate, connections, state, stop);
        listener.reset();
        drain(gate, connections, options, display);
    }
    std::printf("%s\n", relay_summary(counters.figures()).c_str());
}

} // namespace asock
