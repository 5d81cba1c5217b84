// SPDX-License-Identifier: MIT
//
// file_server FILE: sends the file to everybody who connects.
//
// Back-pressure: the next piece is read when the one before has been handed to the system. So a client that
// receives slowly, or a thousand of them, hold one piece each in memory, however large the file is; one that
// does not receive at all is given up after a while.
#include "async_socket/async_socket.hpp"
#include <cstdio>
#include <memory>

using namespace std::chrono_literals;
using async_socket::endpoint, async_socket::engine, async_socket::listener, async_socket::task;

namespace {

constexpr std::size_t piece = 65536;

struct close_file {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

task<> send_file(async_socket::socket peer, const char* path) {
    const std::unique_ptr<std::FILE, close_file> file(std::fopen(path, "rb"));
    if (file == nullptr) {
        peer.reset(); // the client must not take this for an empty file
        co_return;
    }
    std::array<std::byte, piece> memory;
    while (const std::size_t size = std::fread(memory.data(), 1, memory.size(), file.get())) {
        const auto [error, sent] = co_await peer.send_all(std::span(memory).first(size), 60s);
        if (error) { co_return; }
    }
    if (std::ferror(file.get()) != 0) {
        peer.reset();
        co_return;
    }
    co_await peer.shutdown_send();
    // The client closes when it has everything; what it sends is of no interest.
    for (std::error_code error; !error;) {
        error = (co_await peer.receive(memory, 60s)).error;
    }
}

task<> serve(engine& engine, const char* path) {
    listener server(engine, endpoint("127.0.0.1", 0));
    std::fprintf(stderr, "file on %s\n", server.local_endpoint().to_string().c_str());
    for (;;) {
        auto [error, peer] = co_await server.accept();
        if (error) { co_return; }
        async_socket::spawn(engine, send_file(std::move(peer), path));
    }
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "usage: file_server FILE\n");
        return 64;
    }
    engine engine;
    engine.run(serve(engine, arguments[1]));
}
