// SPDX-License-Identifier: MIT
//
// graceful_stop SECONDS: answers each line with the same in upper case, until its input ends. Then it accepts
// nobody any more, answers what has been asked, waits for the clients to close, and gives up those who take
// longer than so many seconds.
#include "async_socket/async_socket.hpp"
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

using async_socket::condition, async_socket::endpoint, async_socket::engine, async_socket::listener,
    async_socket::task;
using seconds = std::chrono::duration<double>;

namespace {

void to_upper(std::string& text) {
    for (char& letter : text) {
        letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    }
}

task<> answer(async_socket::socket peer, std::stop_token stopping, seconds limit) {
    for (;;) {
        // A stop ends the waiting for a line. It does not end the answer to one that has come.
        const auto [error, line] = co_await peer.receive_until("\n", stopping);
        if (error) { break; }
        std::string reply(line);
        to_upper(reply);
        const auto [failed, sent] = co_await peer.send(async_socket::bytes_of(reply));
        if (failed) { co_return; }
    }
    co_await peer.shutdown_send();
    // To close with bytes unread is a reset, which throws away what is on its way to the client.
    std::array<std::byte, 4096> unread;
    for (std::error_code ended; !ended;) {
        ended = (co_await peer.receive(unread, limit)).error;
    }
}

task<> wait_for(async_socket::scope& clients) { co_await clients.join(); }

task<> patience(seconds limit) { co_await async_socket::sleep_for(limit); }

task<> serve(engine& engine, std::stop_token stopping, seconds limit) {
    listener server(engine, endpoint("127.0.0.1", 0));
    std::fprintf(stderr, "stop on %s\n", server.local_endpoint().to_string().c_str());
    async_socket::scope clients(engine);
    for (;;) {
        auto [error, peer] = co_await server.accept(stopping);
        if (error == condition::closed || error == condition::cancelled) { break; }
        if (!error) { clients.spawn(answer(std::move(peer), stopping, limit)); }
    }
    server.close();
    // If patience ends first, when_any asks the other one to stop, and join passes that on to the clients.
    const auto first = co_await async_socket::when_any(wait_for(clients), patience(limit));
    std::fprintf(stderr, first.index == 0 ? "stopped: all were answered\n" : "stopped: some were given up\n");
}

} // namespace

int main(int count, char** arguments) {
    const double limit = count == 2 ? std::atof(arguments[1]) : 0;
    if (limit <= 0) {
        std::fprintf(stderr, "usage: graceful_stop SECONDS\n");
        return 64;
    }
    engine engine;
    std::stop_source stop;
    std::thread watcher([&stop] {
        while (std::getchar() != EOF) {}
        stop.request_stop();
    });
    engine.run(serve(engine, stop.get_token(), seconds(limit)));
    watcher.join();
}
