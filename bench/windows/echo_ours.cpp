// SPDX-License-Identifier: MIT
//
// An echo server on the C API.

#include <cstdint>
#include <cstdio>
#include <new>

#include "async_socket/async_socket.h"
#include "async_socket/execution_engine_win32.h"
#include "async_socket/socket_options.h"
#include "command_line.hpp"

namespace {

struct connection {
    SOCKET_TRANSPORT_HANDLE transport = nullptr;
    ASYNC_SOCKET_HANDLE socket = nullptr;
    char buffer[bench::buffer_size];

    ~connection()
    {
        async_socket_destroy(socket);
        socket_transport_destroy(transport);
    }

    void receive()
    {
        ASYNC_SOCKET_BUFFER room{buffer, sizeof buffer};
        if (async_socket_receive_async(socket, &room, 1, on_received, this) != 0) {
            delete this;
        }
    }

    static void on_open(void* context, ASYNC_SOCKET_OPEN_RESULT) { static_cast<connection*>(context)->receive(); }

    static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, std::uint32_t size)
    {
        auto* const self = static_cast<connection*>(context);
        const ASYNC_SOCKET_BUFFER bytes{self->buffer, size};
        if (result != ASYNC_SOCKET_RECEIVE_OK ||
            async_socket_send_async(self->socket, &bytes, 1, on_sent, self) != ASYNC_SOCKET_SEND_SYNC_OK) {
            delete self;
        }
    }

    static void on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result)
    {
        auto* const self = static_cast<connection*>(context);
        if (result == ASYNC_SOCKET_SEND_OK) {
            self->receive();
        } else {
            delete self;
        }
    }
};

void serve(EXECUTION_ENGINE_HANDLE engine, SOCKET_TRANSPORT_HANDLE accepted)
{
    socket_transport_set_no_delay(accepted, true);
    auto* const peer = new (std::nothrow) connection;
    if (peer == nullptr) {
        socket_transport_destroy(accepted);
        return;
    }
    peer->transport = accepted;
    peer->socket = async_socket_create(engine);
    if (async_socket_open_async(peer->socket, accepted, connection::on_open, peer) != 0) {
        delete peer;
    }
}

} // namespace

int main(int argc, char** argv)
{
    const bench::server_options options = bench::parse_command_line(argc, argv, {"default", "reuse"}, false);
    const EXECUTION_ENGINE_WIN32_PARAMETERS parameters{options.workers, options.workers, options.variant == "reuse"};
    EXECUTION_ENGINE_HANDLE const engine = execution_engine_win32_create(&parameters);
    SOCKET_TRANSPORT_HANDLE const server = socket_transport_create_server();
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE] = "";
    std::uint16_t port = 0;
    if (socket_transport_listen_at(server, "127.0.0.1", options.port) != 0 ||
        socket_transport_get_local_endpoint(server, host, sizeof host, &port) != 0) {
        return 1;
    }
    bench::announce(port);
    SOCKET_TRANSPORT_HANDLE accepted = nullptr;
    while (socket_transport_accept(server, &accepted, UINT32_MAX) == SOCKET_ACCEPT_OK) {
        serve(engine, accepted);
    }
    return 1;
}
