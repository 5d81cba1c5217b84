// SPDX-License-Identifier: MIT
//
// An echo server that blocks: one thread a connection, which receives and sends in turn. It has no workers besides.

#include <winsock2.h>

#include <memory>
#include <thread>

#include "command_line.hpp"
#include "plain_listener.hpp"

namespace {

bool send_all(SOCKET socket, const char* bytes, int size)
{
    for (int sent = 0; sent < size;) {
        const int result = send(socket, bytes + sent, size - sent, 0);
        if (result <= 0) {
            return false;
        }
        sent += result;
    }
    return true;
}

void serve(SOCKET socket)
{
    const auto buffer = std::make_unique<char[]>(bench::buffer_size);
    int size = 0;
    do {
        size = recv(socket, buffer.get(), static_cast<int>(bench::buffer_size), 0);
    } while (size > 0 && send_all(socket, buffer.get(), size));
    shutdown(socket, SD_BOTH);
    closesocket(socket);
}

} // namespace

int main(int argc, char** argv)
{
    const bench::server_options options = bench::parse_command_line(argc, argv, {}, false);
    const SOCKET listening = bench::listen_and_announce(options.port);
    while (listening != INVALID_SOCKET) {
        const SOCKET accepted = bench::accept_next(listening);
        if (accepted == INVALID_SOCKET) {
            break;
        }
        std::thread(serve, accepted).detach();
    }
    return 1;
}
