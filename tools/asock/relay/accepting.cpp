// SPDX-License-Identifier: MIT

#include "relay/accepting.hpp"

#include "network/connections.hpp"
#include "terminal/error.hpp"

#include <chrono>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>

namespace asock {

namespace {

using async_socket::accepted_connection;
using async_socket::task;

// A connection is accepted only when there is room for it; until then the system keeps it.
task<accepted_connection> next_with_room(relay_service service)
{
    check_interruption(co_await service.state.room.acquire());
    std::exception_ptr problem;
    try {
        co_return co_await next_connection(service.listener);
    } catch (...) {
        problem = std::current_exception();
    }
    service.state.room.release();
    std::rethrow_exception(problem);
}

// It leaves a place at its end.
void begin(const relay_service& service, accepted_connection accepted)
{
    try {
        service.connections.spawn(relay_connection(service.state, std::move(accepted)));
    } catch (const std::exception&) {
        // Want of memory. The connection is closed by now: its task had it.
        service.state.counters.opened();
        service.state.counters.ended(relay_ending::error);
        service.state.room.release();
    }
}

// Begun where the listener is, each connection goes on where the engine has placed its client.
task<> begin_all(relay_service service)
{
    for (;;) {
        begin(service, co_await next_with_room(service));
    }
}

} // namespace

void accept_all(const relay_service& service, const std::stop_token& stop)
{
    constexpr std::chrono::milliseconds pause{100};
    for (;;) {
        try {
            service.engine.run(begin_all(service), stop);
        } catch (const interrupted&) {
            return;
        } catch (const failure&) {
            throw;
        } catch (const std::exception&) {
            std::this_thread::sleep_for(pause); // want of memory, which others may give back
        }
    }
}

std::size_t serve_backlog(const relay_service& service, std::size_t most)
{
    const auto next = [&service]() -> task<accepted_connection> {
        co_return (co_await service.listener.accept_connection(std::chrono::milliseconds(0))).connection;
    };
    for (std::size_t served = 0; served < most; ++served) {
        accepted_connection accepted = service.engine.run(next());
        if (!accepted) {
            return served;
        }
        begin(service, std::move(accepted));
    }
    return most;
}

} // namespace asock
