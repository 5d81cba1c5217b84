// SPDX-License-Identifier: MIT
#include "async_socket/async_socket.hpp"
#include <cstdio>
using async_socket::condition, async_socket::endpoint, async_socket::listener, async_socket::task;

task<> echo(async_socket::socket peer) {
    std::array<std::byte, 65536> buffer;
    for (std::error_code failed; !failed;) {
        const auto [ended, size] = co_await peer.receive(buffer);
        failed = ended ? ended : (co_await peer.send(std::span(buffer).first(size))).error;
    }
}

task<> serve() {
    const auto engine = co_await async_socket::current_engine();
    listener server(engine, endpoint("127.0.0.1", 0));
    std::fprintf(stderr, "echo on %s\n", server.local_endpoint().to_string().c_str());
    for (;;) {
        auto [error, peer] = co_await server.accept();
        if (error == condition::closed || error == condition::cancelled) { co_return; }
        if (!error) { spawn(engine, echo(std::move(peer))); }
    }
}

int main() { async_socket::engine().run(serve()); }
