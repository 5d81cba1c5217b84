// SPDX-License-Identifier: MIT
//
// line_client HOST:PORT SECONDS: sends each line of its input and prints the line that is answered. It gives up
// when connecting, or an answer, takes longer than so many seconds.
#include "async_socket/async_socket.hpp"
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

using async_socket::endpoint, async_socket::engine, async_socket::task;

namespace {

// One question and its answer; both together take at most `limit`.
task<std::error_code> ask(async_socket::socket& server, std::string question) {
    const auto sent = co_await server.send(async_socket::bytes_of(question));
    if (sent.error) { co_return sent.error; }
    const auto [error, answer] = co_await server.receive_until("\n");
    std::cout << answer << std::flush;
    co_return error;
}

task<> deadline(std::chrono::duration<double> limit) { co_await async_socket::sleep_for(limit); }

task<int> talk(engine& engine, endpoint to, std::chrono::duration<double> limit) {
    async_socket::socket server(engine);
    if (const std::error_code error = co_await server.connect(to, limit); error) {
        std::fprintf(stderr, "line_client: %s: %s\n", to.to_string().c_str(), error.message().c_str());
        co_return 1;
    }
    std::string line;
    while (std::getline(std::cin, line)) {
        const auto first = co_await async_socket::when_any(ask(server, line + "\n"), deadline(limit));
        const std::error_code error =
            first.index == 0 ? std::get<0>(first.value) : std::make_error_code(std::errc::timed_out);
        if (error) {
            const bool late = error == async_socket::condition::timed_out;
            std::fprintf(stderr, "line_client: %s\n", late ? "no answer in time" : error.message().c_str());
            co_return late ? 2 : 1;
        }
    }
    co_await server.shutdown_send();
    co_return 0;
}

} // namespace

int main(int count, char** arguments) {
    const auto to = count == 3 ? endpoint::parse(arguments[1]) : std::nullopt;
    const double seconds = count == 3 ? std::atof(arguments[2]) : 0;
    if (!to || seconds <= 0) {
        std::fprintf(stderr, "usage: line_client HOST:PORT SECONDS\n");
        return 64;
    }
    engine engine;
    return engine.run(talk(engine, *to, std::chrono::duration<double>(seconds)));
}
