// SPDX-License-Identifier: MIT
//
// chat_server [PORT]: what one client sends goes to all others, line by line.
//
// The engine has one thread, on which all coroutines run: so the room needs no lock. Each client has two tasks:
// one receives its lines and puts them into the queues of the others, one sends what is in its queue. A client
// whose queue is full, because it does not receive, loses lines; it holds nobody up.
#include "async_socket/async_socket.hpp"
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <list>
#include <memory>
#include <string>

using namespace std::chrono_literals;
using async_socket::condition, async_socket::endpoint, async_socket::engine, async_socket::listener,
    async_socket::task;

namespace {

constexpr std::size_t longest_line = 1024, longest_queue = 1000;

struct client {
    explicit client(async_socket::socket connection) : peer(std::move(connection)) {}

    async_socket::socket peer;
    std::deque<std::shared_ptr<const std::string>> queue; // each line is there once, for all who get it
    std::stop_source new_line; // stops the sender's sleep when there is something to send
};

using room = std::list<client>;

task<> send_lines(client& to) {
    std::error_code error;
    while (!error) {
        if (to.queue.empty()) {
            to.new_line = std::stop_source();
            co_await async_socket::sleep_for(24h, to.new_line.get_token());
            const std::stop_token left = co_await async_socket::current_stop_token();
            if (left.stop_requested()) { co_return; }
            continue;
        }
        const auto line = to.queue.front();
        to.queue.pop_front();
        error = (co_await to.peer.send(async_socket::bytes_of(*line), 10s)).error;
    }
}

task<> receive_lines(client& from, room& all) {
    from.peer.set_text_limit(longest_line);
    for (;;) {
        const auto [error, text] = co_await from.peer.receive_until("\n");
        if (error) { co_return; }
        const auto line = std::make_shared<const std::string>(text);
        for (client& other : all) {
            if (&other != &from && other.queue.size() < longest_queue) {
                other.queue.push_back(line);
                other.new_line.request_stop();
            }
        }
    }
}

task<> serve(async_socket::socket peer, room& all) {
    const auto place = all.emplace(all.end(), std::move(peer));
    // Whichever ends first, because the client has left or does not receive, ends the other.
    co_await async_socket::when_any(receive_lines(*place, all), send_lines(*place));
    all.erase(place);
}

task<> serve_all(engine& engine, endpoint at) {
    listener server(engine, at);
    std::fprintf(stderr, "chat on %s\n", server.local_endpoint().to_string().c_str());
    room all;
    async_socket::scope clients(engine);
    for (;;) {
        auto [error, peer] = co_await server.accept();
        if (error == condition::closed || error == condition::cancelled) { break; }
        if (!error) { clients.spawn(serve(std::move(peer), all)); }
    }
    clients.request_stop();
    co_await clients.join();
}

} // namespace

int main(int count, char** arguments) {
    const int port = count > 1 ? std::atoi(arguments[1]) : 0;
    engine engine(EXECUTION_ENGINE_PARAMETERS{1, 1});
    engine.run(serve_all(engine, endpoint("127.0.0.1", static_cast<std::uint16_t>(port))));
}
