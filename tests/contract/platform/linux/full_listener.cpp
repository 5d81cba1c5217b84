// SPDX-License-Identifier: MIT

#include "support/full_listener.h"

#include <stdexcept>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace contract {

namespace {

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

full_listener::full_listener() : socket_(::socket(AF_INET, SOCK_STREAM, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    require(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    require(::listen(socket_, 0) == 0);
    require(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    for (int i = 0; i != most_clients; ++i) {
        const SOCKET_HANDLE client = ::socket(AF_INET, SOCK_STREAM, 0);
        clients_.push_back(client);
        ::fcntl(client, F_SETFL, O_NONBLOCK);
        ::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        pollfd entry{};
        entry.fd = client;
        entry.events = POLLOUT;
        if (::poll(&entry, 1, patience_ms) == 0) {
            return;
        }
    }
    throw std::runtime_error("full_listener: the backlog does not fill");
}

full_listener::~full_listener()
{
    for (const SOCKET_HANDLE client : clients_) {
        ::close(client);
    }
    ::close(socket_);
}

} // namespace contract
