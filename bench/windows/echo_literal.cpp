// SPDX-License-Identifier: MIT
//
// An echo server that does, step by step, what docs/requirements/async_socket_win32.md says of a send, a receive and
// on_io_complete, and nothing else: what the contract costs without a library around it. Each operation has a context
// (one malloc) and an event (one CreateEvent, one CloseHandle) of its own.

#include <winsock2.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "command_line.hpp"
#include "plain_listener.hpp"

namespace {

struct connection {
    SOCKET socket;
    PTP_IO io;
    char buffer[bench::buffer_size];
};

enum class operation_kind : std::uint8_t { send, receive };

struct operation {
    OVERLAPPED overlapped;
    operation_kind kind;
    void (*on_send)(connection& peer, bool is_ok);
    void (*on_receive)(connection& peer, bool is_ok, std::uint32_t size);
    std::uint32_t total_length;
    std::uint32_t buffer_count;
    WSABUF buffers[1];
};

operation* create_operation(operation_kind kind, char* memory, std::uint32_t size)
{
    void* const room = std::malloc(sizeof(operation));
    if (room == nullptr) {
        return nullptr;
    }
    auto* const created = new (room) operation{};
    created->overlapped.hEvent = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    if (created->overlapped.hEvent == nullptr) {
        std::free(room);
        return nullptr;
    }
    created->kind = kind;
    created->total_length = size;
    created->buffer_count = 1;
    created->buffers[0] = {size, memory};
    return created;
}

void free_operation(operation* ended)
{
    CloseHandle(ended->overlapped.hEvent);
    std::free(ended);
}

bool send_async(connection& peer, std::uint32_t size, void (*on_send)(connection& peer, bool is_ok))
{
    operation* const send = create_operation(operation_kind::send, peer.buffer, size);
    if (send == nullptr) {
        return false;
    }
    send->on_send = on_send;
    StartThreadpoolIo(peer.io);
    if (WSASend(peer.socket, send->buffers, send->buffer_count, nullptr, 0, &send->overlapped, nullptr) != 0 &&
        WSAGetLastError() != WSA_IO_PENDING) {
        CancelThreadpoolIo(peer.io);
        free_operation(send);
        return false;
    }
    return true;
}

bool receive_async(connection& peer, void (*on_receive)(connection& peer, bool is_ok, std::uint32_t size))
{
    operation* const receive = create_operation(operation_kind::receive, peer.buffer, sizeof peer.buffer);
    if (receive == nullptr) {
        return false;
    }
    receive->on_receive = on_receive;
    DWORD flags = 0;
    StartThreadpoolIo(peer.io);
    if (WSARecv(peer.socket, receive->buffers, receive->buffer_count, nullptr, &flags, &receive->overlapped, nullptr) !=
            0 &&
        WSAGetLastError() != WSA_IO_PENDING) {
        CancelThreadpoolIo(peer.io);
        free_operation(receive);
        return false;
    }
    return true;
}

void CALLBACK on_io_complete(PTP_CALLBACK_INSTANCE, void* context, void* overlapped, ULONG io_result, ULONG_PTR bytes,
                             PTP_IO)
{
    auto& peer = *static_cast<connection*>(context);
    auto* const ended = static_cast<operation*>(overlapped);
    const operation copy = *ended;
    free_operation(ended);
    if (copy.kind == operation_kind::send) {
        copy.on_send(peer, io_result == NO_ERROR && bytes == copy.total_length);
    } else {
        copy.on_receive(peer, io_result == NO_ERROR && bytes != 0, static_cast<std::uint32_t>(bytes));
    }
}

// There is one operation at a time, and it has ended.
void close_connection(connection& peer)
{
    shutdown(peer.socket, SD_BOTH);
    closesocket(peer.socket);
    CloseThreadpoolIo(peer.io);
    delete &peer;
}

void receive_next(connection& peer);

void on_sent(connection& peer, bool is_ok)
{
    if (is_ok) {
        receive_next(peer);
    } else {
        close_connection(peer);
    }
}

void on_received(connection& peer, bool is_ok, std::uint32_t size)
{
    if (!is_ok || !send_async(peer, size, on_sent)) {
        close_connection(peer);
    }
}

void receive_next(connection& peer)
{
    if (!receive_async(peer, on_received)) {
        close_connection(peer);
    }
}

} // namespace

int main(int argc, char** argv)
{
    const bench::server_options options = bench::parse_command_line(argc, argv, {}, false);
    PTP_POOL const pool = CreateThreadpool(nullptr);
    if (pool == nullptr) {
        return 1;
    }
    SetThreadpoolThreadMaximum(pool, options.workers);
    if (!SetThreadpoolThreadMinimum(pool, options.workers)) {
        return 1;
    }
    TP_CALLBACK_ENVIRON environment;
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, pool);

    const SOCKET listening = bench::listen_and_announce(options.port);
    while (listening != INVALID_SOCKET) {
        const SOCKET accepted = bench::accept_next(listening);
        if (accepted == INVALID_SOCKET) {
            break;
        }
        auto* const peer = new (std::nothrow) connection;
        if (peer == nullptr) {
            closesocket(accepted);
            continue;
        }
        peer->socket = accepted;
        peer->io = CreateThreadpoolIo(reinterpret_cast<HANDLE>(accepted), on_io_complete, peer, &environment);
        if (peer->io == nullptr) {
            closesocket(accepted);
            delete peer;
            continue;
        }
        receive_next(*peer);
    }
    return 1;
}
