// SPDX-License-Identifier: MIT
//
// This library's C++20 layer, as a program would use it.

#include <array>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <span>
#include <system_error>
#include <utility>

#include "async_socket/async_socket.hpp"
#include "command_line.hpp"
#include "engine.hpp"

using async_socket::task;

namespace {

task<> serve_peer(async_socket::socket peer, bool sink)
{
    std::array<std::byte, bench::buffer_size> buffer;
    for (std::error_code failed; !failed;) {
        const auto [ended, size] = co_await peer.receive(buffer);
        failed = ended;
        if (!failed && !sink) {
            failed = (co_await peer.send(std::span(buffer).first(size))).error;
        }
    }
}

task<> serve(const bench::server_options& wanted)
{
    const auto engine = co_await async_socket::current_engine();
    async_socket::listener server(engine, async_socket::endpoint("127.0.0.1", wanted.port));
    bench::announce(server.local_endpoint().port);
    for (;;) {
        auto [error, peer] = co_await server.accept();
        if (!error) {
            peer.set_no_delay(true);
            spawn(engine, serve_peer(std::move(peer), wanted.sink));
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    try {
        const bench::server_options wanted = bench::parse_command_line(argc, argv, bench::engine_variants());
        async_socket::engine(bench::make_engine(wanted)).run(serve(wanted));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
    }
    return 1;
}
