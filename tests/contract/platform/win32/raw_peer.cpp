// SPDX-License-Identifier: MIT

#include "support/raw_peer.h"

#include <algorithm>
#include <climits>
#include <stdexcept>
#include <utility>

#include <winsock2.h>
#include <ws2tcpip.h>

namespace contract {

namespace {

SOCKET native(SOCKET_HANDLE socket)
{
    return reinterpret_cast<SOCKET>(socket);
}

SOCKET_HANDLE handle(SOCKET socket)
{
    return reinterpret_cast<SOCKET_HANDLE>(socket);
}

// Winsock stays started until the process ends.
SOCKET new_socket(int family)
{
    static const int started = [] {
        WSADATA data;
        return WSAStartup(MAKEWORD(2, 2), &data);
    }();
    return started == 0 ? WSASocketW(family, SOCK_STREAM, IPPROTO_TCP, nullptr, 0, WSA_FLAG_OVERLAPPED)
                        : INVALID_SOCKET;
}

int clipped(std::size_t length)
{
    return static_cast<int>((std::min)(length, static_cast<std::size_t>(INT_MAX)));
}

long moved(int result)
{
    return result == SOCKET_ERROR && WSAGetLastError() == WSAEWOULDBLOCK ? raw_peer::would_block : result;
}

} // namespace

raw_peer::raw_peer(std::uint16_t port) : socket_(handle(new_socket(AF_INET)))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket_ == none() ||
        ::connect(native(socket_), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
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
    u_long yes = 1;
    ::ioctlsocket(native(socket_), FIONBIO, &yes);
}

long raw_peer::send(const void* data, std::size_t length)
{
    return moved(::send(native(socket_), static_cast<const char*>(data), clipped(length), 0));
}

long raw_peer::receive(void* data, std::size_t length)
{
    return moved(::recv(native(socket_), static_cast<char*>(data), clipped(length), 0));
}

raw_peer::readiness raw_peer::wait(bool to_receive, bool to_send, std::chrono::milliseconds limit)
{
    fd_set receiving{};
    fd_set sending{};
    if (to_receive) {
        FD_SET(native(socket_), &receiving);
    }
    if (to_send) {
        FD_SET(native(socket_), &sending);
    }
    timeval time{};
    time.tv_sec = static_cast<long>(limit.count() / 1000);
    time.tv_usec = static_cast<long>(limit.count() % 1000 * 1000);
    const bool failed =
        ::select(0, to_receive ? &receiving : nullptr, to_send ? &sending : nullptr, nullptr, &time) < 0;
    return {to_receive && (failed || FD_ISSET(native(socket_), &receiving)),
            to_send && (failed || FD_ISSET(native(socket_), &sending))};
}

void raw_peer::shut_down_sending()
{
    ::shutdown(native(socket_), SD_SEND);
}

void raw_peer::reset()
{
    const linger at_once{1, 0};
    ::setsockopt(native(socket_), SOL_SOCKET, SO_LINGER, reinterpret_cast<const char*>(&at_once), sizeof at_once);
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
    return handle(INVALID_SOCKET);
}

void raw_peer::close(SOCKET_HANDLE socket)
{
    ::closesocket(native(socket));
}

bool raw_peer::machine_has_ipv6_loopback()
{
    const SOCKET socket = new_socket(AF_INET6);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    const bool bound =
        socket != INVALID_SOCKET && ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    if (socket != INVALID_SOCKET) {
        ::closesocket(socket);
    }
    return bound;
}

} // namespace contract
