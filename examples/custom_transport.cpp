// SPDX-License-Identifier: MIT
//
// custom_transport: a server that answers in upper case, with a send and a receive of its own between the async
// socket and the system. These two flip bits, where a real program would encrypt, compress, record or count.
// Only where the platform offers async_socket_create_with_transport, which is Linux.
#include "async_socket/async_socket.h"
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <sys/socket.h>

namespace {

constexpr unsigned char key = 0x5a;

// Behaves as send() on a non-blocking socket does. It may send less than it is given: the library comes back
// with the rest, when the socket can be written again.
int send_flipped(void* context, ASYNC_SOCKET_HANDLE, const void* bytes, size_t size) {
    std::array<unsigned char, 4096> flipped;
    const auto* from = static_cast<const unsigned char*>(bytes);
    const size_t piece = std::min(size, flipped.size());
    std::transform(from, from + piece, flipped.begin(), [](unsigned char byte) { return byte ^ key; });
    return static_cast<int>(::send(*static_cast<int*>(context), flipped.data(), piece, MSG_NOSIGNAL));
}

// Behaves as recv() on a non-blocking socket does.
int receive_flipped(void* context, ASYNC_SOCKET_HANDLE, void* bytes, size_t size) {
    auto* to = static_cast<unsigned char*>(bytes);
    const ssize_t received = ::recv(*static_cast<int*>(context), to, size, 0);
    if (received > 0) {
        std::transform(to, to + received, to, [](unsigned char byte) { return byte ^ key; });
    }
    return static_cast<int>(received);
}

struct connection {
    SOCKET_TRANSPORT_HANDLE transport;
    ASYNC_SOCKET_HANDLE socket = nullptr;
    int descriptor = -1; // what the two functions above are given
    std::array<unsigned char, 65536> bytes{};
    ~connection() { async_socket_destroy(socket), socket_transport_destroy(transport); }

    static connection* of(void* context) { return static_cast<connection*>(context); }

    static void serve(EXECUTION_ENGINE_HANDLE engine, SOCKET_TRANSPORT_HANDLE transport) {
        auto* peer = new connection{transport};
        peer->descriptor = socket_transport_get_underlying_socket(transport);
        peer->socket = async_socket_create_with_transport(engine, send_flipped, &peer->descriptor,
                                                          receive_flipped, &peer->descriptor);
        if (async_socket_open_async(peer->socket, transport, on_open, peer) != 0) { delete peer; }
    }
    static void on_open(void* context, ASYNC_SOCKET_OPEN_RESULT) { of(context)->receive(); }
    void receive() {
        ASYNC_SOCKET_BUFFER io{bytes.data(), sizeof bytes};
        if (async_socket_receive_async(socket, &io, 1, on_received, this) != 0) { delete this; }
    }
    static void on_received(void* context, ASYNC_SOCKET_RECEIVE_RESULT result, uint32_t size) {
        result == ASYNC_SOCKET_RECEIVE_OK ? of(context)->send(size) : delete of(context);
    }
    void send(uint32_t size) {
        std::transform(bytes.begin(), bytes.begin() + size, bytes.begin(),
                       [](unsigned char letter) { return static_cast<unsigned char>(std::toupper(letter)); });
        ASYNC_SOCKET_BUFFER io{bytes.data(), size};
        if (async_socket_send_async(socket, &io, 1, on_sent, this) != ASYNC_SOCKET_SEND_SYNC_OK) { delete this; }
    }
    static void on_sent(void* context, ASYNC_SOCKET_SEND_RESULT result) {
        result == ASYNC_SOCKET_SEND_OK ? of(context)->receive() : delete of(context);
    }
};

} // namespace

int main() {
    EXECUTION_ENGINE_HANDLE engine = execution_engine_create(nullptr);
    SOCKET_TRANSPORT_HANDLE server = socket_transport_create_server(), client = nullptr;
    char host[SOCKET_TRANSPORT_ADDRESS_SIZE] = "";
    uint16_t port = 0;
    socket_transport_listen_at(server, "127.0.0.1", port);
    socket_transport_get_local_endpoint(server, host, sizeof host, &port);
    std::fprintf(stderr, "flipped on %s:%u\n", host, unsigned{port});
    while (socket_transport_accept(server, &client, UINT32_MAX) == SOCKET_ACCEPT_OK) {
        connection::serve(engine, client);
    }
}
