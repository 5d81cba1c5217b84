// SPDX-License-Identifier: MIT
//
// This library's C API, as a program would use it.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <semaphore>

#include "async_socket/async_listener.h"
#include "async_socket/async_socket.h"
#include "async_socket/socket_options.h"
#include "command_line.hpp"
#include "engine.hpp"

namespace {

struct server {
    EXECUTION_ENGINE_HANDLE engine;
    SOCKET_TRANSPORT_HANDLE transport;
    ASYNC_LISTENER_HANDLE listener;
    bool sink;
};

struct connection {
    const server* owner;
    SOCKET_TRANSPORT_HANDLE transport;
    ASYNC_SOCKET_HANDLE socket;
    unsigned char buffer[bench::buffer_size];

    void end()
    {
        async_socket_destroy(socket);
        socket_transport_destroy(transport);
        delete this;
    }

    void receive()
    {
        ASYNC_SOCKET_BUFFER io{buffer, sizeof buffer};
        if (async_socket_receive_async(socket, &io, 1, on_received, this) != 0) {
            end();
        }
    }

    void send(std::uint32_t size)
    {
        const ASYNC_SOCKET_BUFFER io{buffer, size};
        if (async_socket_send_async(socket, &io, 1, on_sent, this) != ASYNC_SOCKET_SEND_SYNC_OK) {
            end();
        }
    }

    static void on_open(void* context, ASYNC_SOCKET_OPEN_RESULT) { static_cast<connection*>(context)->receive(); }

    static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t size)
    {
        auto* const self = static_cast<connection*>(context);
        if (result != ASYNC_SOCKET_RECEIVE_OK) {
            self->end();
        } else if (self->owner->sink) {
            self->receive();
        } else {
            self->send(size);
        }
    }

    static void on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result)
    {
        auto* const self = static_cast<connection*>(context);
        if (result == ASYNC_SOCKET_SEND_OK) {
            self->receive();
        } else {
            self->end();
        }
    }
};

[[noreturn]] void die(const char* what)
{
    std::fprintf(stderr, "%s failed\n", what);
    std::exit(1);
}

void accept(server* self);

void on_accepted(void* context, const ASYNC_COMPLETION* completion, SOCKET_TRANSPORT_HANDLE accepted)
{
    auto* const self = static_cast<server*>(context);
    if (completion->status == ASYNC_STATUS_OK) {
        socket_transport_set_no_delay(accepted, true);
        auto* const peer = new connection;
        peer->owner = self;
        peer->transport = accepted;
        peer->socket = async_socket_create(self->engine);
        if (async_socket_open_async(peer->socket, accepted, connection::on_open, peer) != 0) {
            peer->end();
        }
    }
    accept(self);
}

void accept(server* self)
{
    if (async_listener_accept_async(self->listener, ASYNC_NO_TIMEOUT, nullptr, on_accepted, self) != 0) {
        die("async_listener_accept_async");
    }
}

} // namespace

int main(int argc, char** argv)
{
    const bench::server_options wanted = bench::parse_command_line(argc, argv, bench::engine_variants());
    server self{bench::make_engine(wanted), socket_transport_create_server(), nullptr, wanted.sink};
    if (self.engine == nullptr || socket_transport_listen_at(self.transport, "127.0.0.1", wanted.port) != 0) {
        die("making the engine or listening");
    }
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE] = "";
    std::uint16_t port = 0;
    socket_transport_get_local_endpoint(self.transport, host, sizeof host, &port);
    self.listener = async_listener_create(self.engine);
    if (self.listener == nullptr || async_listener_open(self.listener, self.transport) != 0) {
        die("making the listener");
    }
    accept(&self);
    bench::announce(port);
    // The engine's threads do the rest until the process is ended.
    std::binary_semaphore(0).acquire();
}
