// SPDX-License-Identifier: MIT
#include "async_socket/async_socket.h"
#include <cstdio>

struct connection {
    SOCKET_TRANSPORT_HANDLE transport;
    ASYNC_SOCKET_HANDLE socket;
    unsigned char bytes[65536]{};
    ~connection() { async_socket_destroy(socket), socket_transport_destroy(transport); } // in a callback, too
    static connection* of(void* context) { return static_cast<connection*>(context); }
    static void on_open(void* context, ASYNC_SOCKET_OPEN_RESULT) { of(context)->receive(); }
    void receive() {
        ASYNC_SOCKET_BUFFER io{bytes, sizeof bytes};
        if (async_socket_receive_async(socket, &io, 1, on_received, this) != 0) { delete this; }
    }
    static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, uint32_t size) {
        result == ASYNC_SOCKET_RECEIVE_OK ? of(context)->send(size) : delete of(context);
    }
    void send(uint32_t size) {
        ASYNC_SOCKET_BUFFER io{bytes, size};
        if (async_socket_send_async(socket, &io, 1, on_sent, this) != ASYNC_SOCKET_SEND_SYNC_OK) { delete this; }
    }
    static void on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result) {
        result == ASYNC_SOCKET_SEND_OK ? of(context)->receive() : delete of(context);
    }
};

int main() {
    EXECUTION_ENGINE_HANDLE engine = execution_engine_create(nullptr);
    SOCKET_TRANSPORT_HANDLE server = socket_transport_create_server(), client = nullptr;
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE] = "";
    uint16_t port = 0;
    socket_transport_listen_at(server, "127.0.0.1", port);
    socket_transport_get_local_endpoint(server, host, sizeof host, &port);
    std::fprintf(stderr, "echo on %s:%u\n", host, unsigned{port});
    while (socket_transport_accept(server, &client, UINT32_MAX) == SOCKET_ACCEPT_OK) {
        auto* peer = new connection{client, async_socket_create(engine)};
        if (async_socket_open_async(peer->socket, client, peer->on_open, peer) != 0) { delete peer; }
    }
}
