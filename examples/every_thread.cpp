// SPDX-License-Identifier: MIT
//
// every_thread: a server whose threads all accept. It tells each client which of them has accepted the
// connection and which one serves it; when its input ends, it says how many each has accepted.
#include "async_socket/async_socket.hpp"
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

using async_socket::condition, async_socket::endpoint, async_socket::engine, async_socket::listener,
    async_socket::task;

namespace {

std::string name_of(std::uint32_t thread) {
    return thread == EXECUTION_ENGINE_ANY_THREAD ? "any thread" : "thread " + std::to_string(thread);
}

task<> greet(async_socket::socket peer, std::uint32_t accepted_on) {
    const std::string text =
        "accepted on " + name_of(accepted_on) + ", served on " + name_of(peer.thread().number()) + "\n";
    const auto [error, sent] = co_await peer.send_all(async_socket::bytes_of(text));
    if (!error) { co_await peer.shutdown_send(); }
}

// One loop of accepts for each listener.
task<> accept_all(engine& threads, listener& server, std::size_t& accepted, std::stop_token stopping) {
    async_socket::scope clients(threads);
    for (;;) {
        auto [error, peer] = co_await server.accept(stopping);
        if (error == condition::closed || error == condition::cancelled) { break; }
        if (error) { continue; }
        ++accepted; // by this loop only
        clients.spawn(greet(std::move(peer), execution_engine_get_current_thread(threads.handle())));
    }
    server.close();
    co_await clients.join();
}

task<> serve(engine& threads, std::stop_token stopping) {
    std::vector<listener> servers = async_socket::listen_on_every_thread(threads, endpoint("127.0.0.1", 0));
    std::vector<std::size_t> accepted(servers.size());
    std::fprintf(stderr, "threads on %s\n", servers.front().local_endpoint().to_string().c_str());
    async_socket::scope loops(threads);
    for (std::size_t i = 0; i != servers.size(); ++i) {
        loops.spawn(accept_all(threads, servers[i], accepted[i], stopping));
    }
    co_await loops.join();
    for (std::size_t i = 0; i != servers.size(); ++i) {
        std::fprintf(stderr, "listener %zu has accepted %zu\n", i, accepted[i]);
    }
}

} // namespace

int main() {
    engine threads(EXECUTION_ENGINE_PARAMETERS{4, 4});
    std::stop_source stop;
    std::thread watcher([&stop] {
        while (std::getchar() != EOF) {}
        stop.request_stop();
    });
    threads.run(serve(threads, stop.get_token()));
    watcher.join();
}
