// SPDX-License-Identifier: MIT

#include "support/raw_socket.h"

#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "linux_faults/faults.h"
#include "support/free_port.h"

namespace transport_test {

using linux_faults::exempt;

namespace {

void require(bool condition, const char* what)
{
    if (!condition) {
        throw std::runtime_error(what);
    }
}

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

} // namespace

raw_socket& raw_socket::operator=(raw_socket&& other) noexcept
{
    if (this != &other) {
        close();
        descriptor_ = other.release();
    }
    return *this;
}

raw_socket raw_socket::make()
{
    const exempt scope;
    raw_socket made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    require(made.get() != -1, "socket");
    return made;
}

raw_socket raw_socket::connected_to(std::uint16_t port, const char* address)
{
    const exempt scope;
    in6_addr numeric_v6{};
    if (inet_pton(AF_INET6, address, &numeric_v6) == 1) {
        sockaddr_in6 peer{};
        peer.sin6_family = AF_INET6;
        peer.sin6_port = htons(port);
        peer.sin6_addr = numeric_v6;
        raw_socket made(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
        require(::connect(made.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof peer) == 0, "connect");
        return made;
    }
    raw_socket made = make();
    sockaddr_in peer = loopback(port);
    require(inet_pton(AF_INET, address, &peer.sin_addr) == 1, "inet_pton");
    require(::connect(made.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof peer) == 0, "connect");
    return made;
}

raw_socket raw_socket::full_listener()
{
    const exempt scope;
    raw_socket made = make();
    require(made.bind(0), "bind");
    // The system takes one connection more than it is asked to, and that one is held here until the listener goes.
    require(::listen(made.get(), 0) == 0, "listen");
    static_cast<void>(connected_to(made.port()));
    return made;
}

int raw_socket::release()
{
    return std::exchange(descriptor_, -1);
}

std::uint16_t raw_socket::port() const
{
    const exempt scope;
    sockaddr_in address{};
    socklen_t length = sizeof address;
    require(::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &length) == 0, "getsockname");
    return ntohs(address.sin_port);
}

bool raw_socket::bind(std::uint16_t port) const
{
    const exempt scope;
    const sockaddr_in address = loopback(port);
    return ::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

void raw_socket::send(const std::string& data) const
{
    const exempt scope;
    std::size_t sent = 0;
    while (sent < data.size()) {
        const ssize_t count = ::send(descriptor_, data.data() + sent, data.size() - sent, MSG_NOSIGNAL);
        require(count > 0, "send");
        sent += static_cast<std::size_t>(count);
    }
}

std::string raw_socket::receive(std::size_t length) const
{
    const exempt scope;
    std::string data(length, '\0');
    std::size_t received = 0;
    while (received < length) {
        const ssize_t count = ::recv(descriptor_, data.data() + received, length - received, 0);
        if (count <= 0) {
            break;
        }
        received += static_cast<std::size_t>(count);
    }
    data.resize(received);
    return data;
}

bool raw_socket::ends() const
{
    return receive(1).empty();
}

void raw_socket::set_send_buffer(int bytes) const
{
    const exempt scope;
    require(::setsockopt(descriptor_, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes) == 0, "setsockopt");
}

void raw_socket::shut_down_sending() const
{
    const exempt scope;
    require(::shutdown(descriptor_, SHUT_WR) == 0, "shutdown");
}

void raw_socket::reset()
{
    const exempt scope;
    const linger at_once{1, 0};
    require(::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0, "setsockopt");
    close();
}

void raw_socket::close()
{
    const exempt scope;
    const int descriptor = release();
    if (descriptor != -1) {
        ::close(descriptor);
    }
}

std::uint16_t free_port()
{
    return contract::find_free_port([](std::uint16_t port) { return raw_socket::make().bind(port); });
}

bool machine_has_ipv6()
{
    const exempt scope;
    const raw_socket socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

} // namespace transport_test
