// SPDX-License-Identifier: MIT

#include "listen.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "command_line.hpp"

namespace bench {

void die(const char* call)
{
    die(call, errno);
}

void die(const char* call, int error)
{
    std::fprintf(stderr, "%s: %s\n", call, std::strerror(error));
    std::exit(1);
}

int listen_on(std::uint16_t port, port_use use, int flags)
{
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    if (listener < 0) {
        die("socket");
    }
    const int on = 1;
    if (::setsockopt(listener, SOL_SOCKET, use == port_use::shared ? SO_REUSEPORT : SO_REUSEADDR, &on, sizeof on) !=
        0) {
        die("setsockopt");
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        die("bind");
    }
    if (::listen(listener, backlog) != 0) {
        die("listen");
    }
    return listener;
}

std::uint16_t port_of(int listener)
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        die("getsockname");
    }
    return ntohs(address.sin_port);
}

void set_no_delay(int socket)
{
    const int on = 1;
    // A peer that has gone already makes it fail, which the first receive then sees, too.
    static_cast<void>(::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
}

} // namespace bench
