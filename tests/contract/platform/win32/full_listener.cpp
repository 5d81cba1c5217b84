// SPDX-License-Identifier: MIT

#include "support/full_listener.h"

#include <stdexcept>

#include <winsock2.h>

namespace contract {

namespace {

SOCKET native(SOCKET_HANDLE socket)
{
    return reinterpret_cast<SOCKET>(socket);
}

// Winsock stays started until the process ends.
SOCKET_HANDLE new_socket()
{
    static WSADATA data;
    static const int started = WSAStartup(MAKEWORD(2, 2), &data);
    return reinterpret_cast<SOCKET_HANDLE>(started == 0 ? ::socket(AF_INET, SOCK_STREAM, 0) : INVALID_SOCKET);
}

// The loopback answers at once; one that has not is not going to.
constexpr int patience_ms = 300;
constexpr int most_clients = 64;

void require(bool holds)
{
    if (!holds) {
        throw std::runtime_error("full_listener: cannot be set up");
    }
}

} // namespace

full_listener::full_listener() : socket_(new_socket())
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int size = sizeof address;
    require(::bind(native(socket_), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    require(::listen(native(socket_), 0) == 0);
    require(::getsockname(native(socket_), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    for (int i = 0; i != most_clients; ++i) {
        SOCKET_HANDLE const client = new_socket();
        clients_.push_back(client);
        u_long non_blocking = 1;
        ::ioctlsocket(native(client), FIONBIO, &non_blocking);
        ::connect(native(client), reinterpret_cast<const sockaddr*>(&address), sizeof address);
        WSAPOLLFD entry{};
        entry.fd = native(client);
        entry.events = POLLOUT;
        if (::WSAPoll(&entry, 1, patience_ms) == 0) {
            return;
        }
    }
    throw std::runtime_error("full_listener: the backlog does not fill");
}

full_listener::~full_listener()
{
    for (SOCKET_HANDLE const client : clients_) {
        ::closesocket(native(client));
    }
    ::closesocket(native(socket_));
}

} // namespace contract
