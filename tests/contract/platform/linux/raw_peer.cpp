// SPDX-License-Identifier: MIT

#include "support/raw_peer.h"

#include <cerrno>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace contract {

namespace {

// Repeats a system call that a signal has interrupted.
template <typename Call>
auto uninterrupted(Call call)
{
    auto result = call();
    while (result == -1 && errno == EINTR) {
        result = call();
    }
    return result;
}

long moved(ssize_t result)
{
    return result == -1 && (errno == EAGAIN) ? raw_peer::would_block : result;
}

} // namespace

raw_peer::raw_peer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket_ == -1 || ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        close();
        throw std::runtime_error("raw_peer: cannot connect");
    }
}

raw_peer::~raw_peer()
{
    close();
}

void raw_peer::make_non_blocking()
{
    ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK);
}

long raw_peer::send(const void* data, std::size_t length)
{
    return moved(uninterrupted([&] { return ::send(socket_, data, length, MSG_NOSIGNAL); }));
}

long raw_peer::receive(void* data, std::size_t length)
{
    return moved(uninterrupted([&] { return ::recv(socket_, data, length, 0); }));
}

raw_peer::readiness raw_peer::wait(bool to_receive, bool to_send, std::chrono::milliseconds limit)
{
    pollfd entry{};
    entry.fd = socket_;
    entry.events = static_cast<short>((to_receive ? POLLIN : 0) | (to_send ? POLLOUT : 0));
    uninterrupted([&] { return ::poll(&entry, 1, static_cast<int>(limit.count())); });
    const bool failed = (entry.revents & (POLLERR | POLLHUP)) != 0;
    return {to_receive && (failed || (entry.revents & POLLIN) != 0),
            to_send && (failed || (entry.revents & POLLOUT) != 0)};
}

void raw_peer::shut_down_sending()
{
    ::shutdown(socket_, SHUT_WR);
}

void raw_peer::reset()
{
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

void raw_peer::close()
{
    if (socket_ != none()) {
        close(release());
    }
}

SOCKET_HANDLE raw_peer::release()
{
    return std::exchange(socket_, none());
}

SOCKET_HANDLE raw_peer::none()
{
    return -1;
}

void raw_peer::close(SOCKET_HANDLE socket)
{
    ::close(socket);
}

bool raw_peer::machine_has_ipv6_loopback()
{
    const int socket = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    const bool bound = socket != -1 && ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    if (socket != -1) {
        ::close(socket);
    }
    return bound;
}

} // namespace contract
