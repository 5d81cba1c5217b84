// SPDX-License-Identifier: MIT

#include "client_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstring>
#include <vector>

#include "failure.hpp"

namespace bench {

namespace {

int make_socket()
{
    const int fd = checked("socket", ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    checked("TCP_NODELAY", ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
    return fd;
}

sockaddr_in loopback(std::uint32_t host, std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl((std::uint32_t{127} << 24) | host);
    return address;
}

void connect_socket(int fd, std::uint16_t port)
{
    const sockaddr_in server = loopback(1, port);
    checked("connect", ::connect(fd, reinterpret_cast<const sockaddr*>(&server), sizeof server));
}

} // namespace

int connect_to(std::uint16_t port)
{
    const int fd = make_socket();
    connect_socket(fd, port);
    return fd;
}

int connect_to(std::uint16_t port, std::uint64_t turn)
{
    constexpr std::uint64_t addresses = 1000;
    const int fd = make_socket();
    const int on = 1;
    checked("IP_BIND_ADDRESS_NO_PORT", ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on));
    const sockaddr_in own = loopback(static_cast<std::uint32_t>(256 + turn % addresses), 0);
    checked("bind", ::bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof own));
    connect_socket(fd, port);
    return fd;
}

void echo_blocking(int fd, const std::byte* bytes, std::size_t size)
{
    std::vector<std::byte> back(size);
    if (checked("send", static_cast<int>(::send(fd, bytes, size, MSG_NOSIGNAL))) != static_cast<int>(size)) {
        fail("a send was cut short");
    }
    if (checked("recv", static_cast<int>(::recv(fd, back.data(), size, MSG_WAITALL))) != static_cast<int>(size)) {
        fail("the server has closed a connection");
    }
    if (std::memcmp(bytes, back.data(), size) != 0) {
        fail("the server sent back something else");
    }
}

} // namespace bench
