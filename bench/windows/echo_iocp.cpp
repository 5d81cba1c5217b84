// SPDX-License-Identifier: MIT
//
// An echo server on a completion port that its own threads wait at: the least that Windows lets an asynchronous server
// do. One OVERLAPPED a connection, no event, no allocation for an operation.

#include <winsock2.h>

#include <cstdint>
#include <cstdio>
#include <new>
#include <thread>
#include <vector>

#include "command_line.hpp"
#include "plain_listener.hpp"

namespace {

struct connection {
    OVERLAPPED overlapped{};
    SOCKET socket = INVALID_SOCKET;
    bool is_sending = false;
    char buffer[bench::buffer_size];
};

void close_connection(connection& peer)
{
    shutdown(peer.socket, SD_BOTH);
    closesocket(peer.socket);
    delete &peer;
}

void send_or_receive(connection& peer, bool is_send, std::uint32_t size)
{
    peer.overlapped = {};
    peer.is_sending = is_send;
    WSABUF buffer{size, peer.buffer};
    DWORD flags = 0;
    const int result = is_send ? WSASend(peer.socket, &buffer, 1, nullptr, 0, &peer.overlapped, nullptr)
                               : WSARecv(peer.socket, &buffer, 1, nullptr, &flags, &peer.overlapped, nullptr);
    if (result != 0 && WSAGetLastError() != WSA_IO_PENDING) {
        close_connection(peer);
    }
}

void work(HANDLE port)
{
    for (;;) {
        DWORD size = 0;
        ULONG_PTR key = 0;
        OVERLAPPED* overlapped = nullptr;
        const bool is_ok = GetQueuedCompletionStatus(port, &size, &key, &overlapped, INFINITE) != 0;
        if (overlapped == nullptr) {
            return;
        }
        auto& peer = *reinterpret_cast<connection*>(key);
        if (!is_ok || size == 0) {
            close_connection(peer);
        } else if (peer.is_sending) {
            send_or_receive(peer, false, sizeof peer.buffer);
        } else {
            send_or_receive(peer, true, size);
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    const bench::server_options options = bench::parse_command_line(argc, argv, {}, false);
    HANDLE const port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, options.workers);
    if (port == nullptr) {
        return 1;
    }
    std::vector<std::thread> workers;
    for (std::uint32_t i = 0; i < options.workers; i++) {
        workers.emplace_back(work, port);
    }
    const SOCKET listening = bench::listen_and_announce(options.port);
    while (listening != INVALID_SOCKET) {
        const SOCKET accepted = bench::accept_next(listening);
        if (accepted == INVALID_SOCKET) {
            break;
        }
        auto* const peer = new (std::nothrow) connection;
        if (peer == nullptr || CreateIoCompletionPort(reinterpret_cast<HANDLE>(accepted), port,
                                                      reinterpret_cast<ULONG_PTR>(peer), 0) == nullptr) {
            delete peer;
            closesocket(accepted);
            continue;
        }
        peer->socket = accepted;
        send_or_receive(*peer, false, sizeof peer->buffer);
    }
    std::fflush(stderr);
    std::_Exit(1); // The workers wait for ever.
}
