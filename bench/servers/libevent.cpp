// SPDX-License-Identifier: MIT
//
// libevent: a base for each thread, each with a listening socket of its own on the same port, and plain events, which
// cost less than its bufferevents. One buffer for each thread: a connection needs memory only while the peer does not
// receive.

#include <event2/event.h>
#include <event2/event_struct.h>
#include <event2/listener.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "command_line.hpp"
#include "listen.hpp"

namespace {

struct worker {
    event_base* base;
    bool sink;
    std::array<std::byte, bench::buffer_size> buffer;
};

struct connection {
    worker* owner;
    event readable;
    event writable;
    std::vector<std::byte> unsent;
    std::size_t sent; // of unsent
};

void end(connection* peer)
{
    const int fd = event_get_fd(&peer->readable);
    event_del(&peer->readable);
    event_del(&peer->writable);
    ::close(fd);
    delete peer;
}

void on_readable(evutil_socket_t fd, short, void* context)
{
    auto* const peer = static_cast<connection*>(context);
    auto& buffer = peer->owner->buffer;
    const ssize_t size = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (size <= 0) {
        if (size == 0 || errno != EAGAIN) {
            end(peer);
        }
        return;
    }
    if (peer->owner->sink) {
        return;
    }
    const auto received = static_cast<std::size_t>(size);
    const ssize_t sent = ::send(fd, buffer.data(), received, MSG_NOSIGNAL);
    if (sent == size) {
        return;
    }
    if (sent < 0 && errno != EAGAIN) {
        end(peer);
        return;
    }
    // Nothing more is read until this has left.
    peer->unsent.assign(buffer.data() + (sent < 0 ? 0 : sent), buffer.data() + received);
    peer->sent = 0;
    event_del(&peer->readable);
    event_add(&peer->writable, nullptr);
}

void on_writable(evutil_socket_t fd, short, void* context)
{
    auto* const peer = static_cast<connection*>(context);
    const ssize_t sent = ::send(fd, peer->unsent.data() + peer->sent, peer->unsent.size() - peer->sent, MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno != EAGAIN) {
            end(peer);
        }
        return;
    }
    peer->sent += static_cast<std::size_t>(sent);
    if (peer->sent == peer->unsent.size()) {
        peer->unsent.clear();
        event_del(&peer->writable);
        event_add(&peer->readable, nullptr);
    }
}

void on_accepted(evconnlistener*, evutil_socket_t fd, sockaddr*, int, void* context)
{
    auto* const owner = static_cast<worker*>(context);
    bench::set_no_delay(fd);
    auto* const peer = new connection;
    peer->owner = owner;
    event_assign(&peer->readable, owner->base, fd, EV_READ | EV_PERSIST, on_readable, peer);
    event_assign(&peer->writable, owner->base, fd, EV_WRITE | EV_PERSIST, on_writable, peer);
    event_add(&peer->readable, nullptr);
}

void run(int listener, bool sink)
{
    const auto self = std::make_unique<worker>();
    self->base = event_base_new();
    self->sink = sink;
    if (self->base == nullptr ||
        // The socket listens already.
        evconnlistener_new(self->base, on_accepted, self.get(), LEV_OPT_CLOSE_ON_EXEC, 0, listener) == nullptr) {
        bench::die("evconnlistener_new");
    }
    event_base_dispatch(self->base);
}

} // namespace

int main(int argc, char** argv)
{
    const bench::server_options wanted = bench::parse_command_line(argc, argv);
    const int first = bench::listen_on(wanted.port, bench::port_use::shared, SOCK_NONBLOCK);
    const std::uint16_t port = bench::port_of(first);
    std::vector<std::thread> threads;
    for (unsigned index = 1; index < wanted.workers; ++index) {
        const int listener = bench::listen_on(port, bench::port_use::shared, SOCK_NONBLOCK);
        threads.emplace_back(run, listener, wanted.sink);
    }
    bench::announce(port);
    run(first, wanted.sink);
}
