// SPDX-License-Identifier: MIT
//
// An echo server that blocks: one thread a connection, which receives and sends in turn. It has no workers besides.

#include <winsock2.h>

#include <memory>
#include <thread>

#include "plain_listener.hpp"
#include "server_options.hpp"

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
    bench::server_options options;
    const int status =
        bench::read_options(argc, argv, "An echo server with a thread for each connection.", false, options);
    if (status >= 0) {
        return status;
    }
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
