// SPDX-License-Identifier: MIT
//
// socket_activation [SECONDS]: an echo server that systemd starts when somebody connects (LISTEN_FDS), and that
// ends when nobody has been connected for so many seconds (10). Started by hand, it listens on a port of its
// own.
#include "async_socket/async_socket.hpp"
#include "async_socket/listen_options.h"
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

using async_socket::condition, async_socket::endpoint, async_socket::engine, async_socket::listener,
    async_socket::task;
using seconds = std::chrono::duration<double>;

namespace {

// The first socket that this process was started with; NULL for none. Programs that this one starts are not to
// take the variables for theirs.
SOCKET_TRANSPORT_HANDLE take_passed_socket() {
    constexpr int first_passed = 3;
    const char* const process = std::getenv("LISTEN_PID");
    const char* const count = std::getenv("LISTEN_FDS");
    const bool is_for_us = process != nullptr && count != nullptr && std::atol(process) == getpid();
    const bool is_any = is_for_us && std::atol(count) > 0;
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    return is_any ? socket_transport_create_from_listening_socket(first_passed) : nullptr;
}

// Closed where there is no such socket.
listener take_passed_listener(engine& engine) {
    SOCKET_TRANSPORT_HANDLE const transport = take_passed_socket();
    listener passed = listener::adopt(engine, transport);
    if (passed.handle() == nullptr) { socket_transport_destroy(transport); }
    return passed;
}

task<> echo(async_socket::socket peer, std::atomic<int>& connected) {
    std::array<std::byte, 4096> buffer;
    for (;;) {
        const auto [error, bytes] = co_await peer.receive(buffer);
        if (error || (co_await peer.send_all(std::span(buffer).first(bytes))).error) { break; }
    }
    --connected;
}

// Those who connect while the listener goes wait in the socket, which the service manager has, too: for them the
// program is started again.
task<> serve(engine& engine, listener server, seconds idle) {
    std::fprintf(stderr, "activated on %s\n", server.local_endpoint().to_string().c_str());
    async_socket::scope clients(engine);
    std::atomic<int> connected = 0; // their tasks are on several threads
    for (;;) {
        auto [error, peer] = co_await server.accept(idle);
        if (error == condition::closed || (error == condition::timed_out && connected == 0)) { break; }
        if (error) { continue; }
        ++connected;
        clients.spawn(echo(std::move(peer), connected));
    }
    server.close();
    co_await clients.join();
}

} // namespace

int main(int count, char** arguments) {
    const double idle = count > 1 ? std::atof(arguments[1]) : 10;
    if (count > 2 || idle <= 0) {
        std::fprintf(stderr, "usage: socket_activation [SECONDS]\n");
        return 64;
    }
    engine engine;
    listener server = take_passed_listener(engine);
    if (server.handle() == nullptr) { server = listener(engine, endpoint("127.0.0.1", 0)); }
    engine.run(serve(engine, std::move(server), seconds(idle)));
}
