// SPDX-License-Identifier: MIT

#include "network/connections.hpp"

#include "platform/resolver.hpp"
#include "platform/text.hpp"
#include "terminal/error.hpp"
#include "terminal/exit_on_stop.hpp"

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace asock {

using async_socket::accepted_connection;
using async_socket::condition;
using async_socket::endpoint;
using async_socket::listener;
using async_socket::task;
using async_socket::time_limit;

namespace {

// Where the other side is not there yet, it may be a moment later.
bool may_come_up(const std::error_code& error)
{
    return error == condition::refused || error == condition::unreachable || error == condition::timed_out ||
           error == condition::name_not_resolved;
}

// What to do about it.
std::string advice_for(const std::error_code& reason)
{
    if (reason == condition::address_in_use) {
        return "another program has the port; port 0 picks a free one";
    }
    if (reason == std::errc::permission_denied) {
        return "this port is for privileged programs; one above 1023 is for everybody";
    }
    if (reason == std::errc::address_not_available || reason == std::errc::invalid_argument) {
        return "the address must be one of this machine";
    }
    return "try another address or port";
}

[[noreturn]] void fail_to_listen(const endpoint& at, const std::error_code& reason)
{
    throw failure("cannot listen on " + at.to_string() + ": " + error_text(reason), advice_for(reason));
}

std::vector<std::string> addresses_of(const std::string& host, const std::stop_token& stop)
{
    const exit_on_stop resolving(stop);
    resolved_host found = resolve(host);
    if (!found.problem.empty()) {
        throw failure("cannot resolve '" + host + "': " + found.problem, "name an address or a host of this machine");
    }
    return std::move(found.addresses);
}

} // namespace

time_limit limit_from(std::chrono::seconds seconds)
{
    return seconds == std::chrono::seconds::zero() ? time_limit() : time_limit(seconds);
}

void check_interruption(const std::error_code& error)
{
    // In two steps: where there is no error, which is the rule, it takes no time.
    if (error && error == condition::cancelled) {
        throw interrupted();
    }
}

task<> connect(async_socket::socket& unconnected, const endpoint& peer, time_limit limit, trials allowed)
{
    constexpr std::chrono::milliseconds pause{200};
    const auto deadline = std::chrono::steady_clock::now() + allowed.patience;
    for (bool told = allowed.silent;; told = true) {
        const std::error_code error = co_await unconnected.connect(peer, limit);
        check_interruption(error);
        if (!error) {
            co_return;
        }
        if (!may_come_up(error) || std::chrono::steady_clock::now() + pause > deadline) {
            throw failure("cannot connect to " + peer.to_string() + ": " + error.message(),
                          "check the address, and that the other side is running and reachable");
        }
        if (!told) {
            std::fprintf(stderr, "asock: nobody listens at %s yet; it is tried again for %lld s\n",
                         peer.to_string().c_str(), static_cast<long long>(allowed.patience.count()));
        }
        check_interruption(co_await async_socket::sleep_for(pause));
    }
}

listener listen_on(async_socket::engine_ref engine, const endpoint& at, const std::stop_token& stop)
{
    if (at.host.empty()) { // it would be every address
        fail_to_listen(at, std::make_error_code(std::errc::invalid_argument));
    }
    std::error_code reason;
    for (const std::string& address : addresses_of(at.host, stop)) {
        try {
            return listener(engine, {address, at.port});
        } catch (const std::system_error& error) {
            reason = error.code();
        }
    }
    fail_to_listen(at, reason);
}

task<accepted_connection> next_connection(listener& from)
{
    constexpr std::chrono::milliseconds pause{100};
    for (;;) {
        auto [error, connection] = co_await from.accept_connection();
        if (!error) {
            co_return std::move(connection);
        }
        check_interruption(error);
        if (error != condition::no_resources) {
            throw failure("cannot accept connections any more: " + error.message());
        }
        check_interruption(co_await async_socket::sleep_for(pause));
    }
}

} // namespace asock
