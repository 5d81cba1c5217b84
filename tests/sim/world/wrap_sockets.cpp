// SPDX-License-Identifier: MIT
//
// Making, connecting and asking sockets.

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <netinet/in.h>
#include <sys/socket.h>

#include "world/wrapped_call.h"

// The linker makes both names of each function.
// NOLINTBEGIN(bugprone-reserved-identifier)

using namespace sim;

namespace {

std::uint16_t port_of(const sockaddr* address)
{
    // The port stands at the same place in the address of either family.
    return ntohs(reinterpret_cast<const sockaddr_in*>(address)->sin_port);
}

bool is_silent(const sockaddr* address)
{
    const auto* const host =
        reinterpret_cast<const unsigned char*>(&reinterpret_cast<const sockaddr_in*>(address)->sin_addr);
    return address->sa_family == AF_INET && host[0] == world::silent_network;
}

void tell_address(std::uint16_t port, sockaddr* address, socklen_t* length)
{
    sockaddr_in told{};
    told.sin_family = AF_INET;
    told.sin_port = htons(port);
    told.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::memcpy(address, &told, std::min<std::size_t>(*length, sizeof told));
    *length = sizeof told;
}

int begin_connecting(world& own, endpoint& connecting, const sockaddr* address)
{
    switch (connecting.now_is) {
    case endpoint::state::connecting:
        return failure(EALREADY);
    case endpoint::state::connected:
        return failure(EISCONN);
    case endpoint::state::made:
        break;
    default:
        return failure(connecting.take_error() != 0 ? ECONNREFUSED : ECONNABORTED);
    }
    // It may come to nothing.
    ++own.past.failed_connects;
    connecting.port = own.take_port();
    connecting.peer_port = port_of(address);
    if (is_silent(address)) {
        constexpr time_point given_up_after = 127 * second;
        connecting.now_is = endpoint::state::connecting;
        own.time.at(own.time.now() + given_up_after, [self = connecting.shared_from_this()] { self->fail(ETIMEDOUT); });
    } else {
        connecting.connect_to(own.listener_at(port_of(address)));
    }
    return failure(own.interrupts() ? EINTR : EINPROGRESS);
}

} // namespace

extern "C" {

int __real_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol);
int __wrap_socket(int family, int type, int protocol)
{
    world* const own = begin_call("socket");
    if (own == nullptr) {
        return __real_socket(family, type, protocol);
    }
    if (own->lacks_descriptors()) {
        ++own->past.failed_connects;
        return failure(EMFILE);
    }
    return own->open(own->make_endpoint());
}

int __real_connect(int socket, const sockaddr* address, socklen_t length);
int __wrap_connect(int socket, const sockaddr* address, socklen_t length);
int __wrap_connect(int socket, const sockaddr* address, socklen_t length)
{
    world* const own = begin_call("connect", socket);
    if (own == nullptr) {
        return __real_connect(socket, address, length);
    }
    auto* const connecting = own->find<endpoint>(socket);
    if (connecting == nullptr) {
        return failure(EBADF);
    }
    if (address->sa_family == AF_UNSPEC) {
        connecting->reset();
        return 0;
    }
    return begin_connecting(*own, *connecting, address);
}

int __real_bind(int socket, const sockaddr* address, socklen_t length);
int __wrap_bind(int socket, const sockaddr* address, socklen_t length);
int __wrap_bind(int socket, const sockaddr* address, socklen_t length)
{
    world* const own = begin_call("bind", socket);
    if (own == nullptr) {
        return __real_bind(socket, address, length);
    }
    auto* const bound = own->find<endpoint>(socket);
    if (bound == nullptr) {
        return failure(EBADF);
    }
    return own->bind(bound->shared_from_this(), port_of(address)) ? 0 : failure(EADDRINUSE);
}

int __real_listen(int socket, int backlog);
int __wrap_listen(int socket, int backlog);
int __wrap_listen(int socket, int backlog)
{
    world* const own = begin_call("listen", socket);
    if (own == nullptr) {
        return __real_listen(socket, backlog);
    }
    auto* const listener = own->find<endpoint>(socket);
    if (listener == nullptr) {
        return failure(EBADF);
    }
    // A short one, so that it is full now and then.
    constexpr int longest = 4;
    listener->listen(static_cast<std::size_t>(std::min(backlog, longest)));
    return 0;
}

int __real_accept4(int socket, sockaddr* address, socklen_t* length, int flags);
int __wrap_accept4(int socket, sockaddr* address, socklen_t* length, int flags);
int __wrap_accept4(int socket, sockaddr* address, socklen_t* length, int flags)
{
    world* const own = begin_call("accept4", socket);
    if (own == nullptr) {
        return __real_accept4(socket, address, length, flags);
    }
    auto* const listener = own->find<endpoint>(socket);
    if (listener == nullptr) {
        return failure(EBADF);
    }
    if (listener->now_is != endpoint::state::listening) {
        return failure(EINVAL);
    }
    if (own->interrupts()) {
        return failure(EINTR);
    }
    if (listener->waiting() == 0) {
        return failure(EAGAIN);
    }
    if (own->lacks_descriptors()) {
        return failure(EMFILE);
    }
    if (own->time.now() < own->lacks.accept_fails_until) {
        return failure(own->lacks.accept_error);
    }
    return own->open(listener->accept());
}

int __real_getsockopt(int socket, int level, int name, void* value, socklen_t* length);
int __wrap_getsockopt(int socket, int level, int name, void* value, socklen_t* length);
int __wrap_getsockopt(int socket, int level, int name, void* value, socklen_t* length)
{
    world* const own = begin_call("getsockopt", socket);
    if (own == nullptr) {
        return __real_getsockopt(socket, level, name, value, length);
    }
    auto* const asked = own->find<endpoint>(socket);
    if (asked == nullptr) {
        return failure(EBADF);
    }
    const int told = name == SO_ERROR ? asked->take_error() : name == SO_TYPE ? int{SOCK_STREAM} : 0;
    std::memcpy(value, &told, std::min<std::size_t>(*length, sizeof told));
    return 0;
}

int __real_setsockopt(int socket, int level, int name, const void* value, socklen_t length);
int __wrap_setsockopt(int socket, int level, int name, const void* value, socklen_t length);
int __wrap_setsockopt(int socket, int level, int name, const void* value, socklen_t length)
{
    world* const own = begin_call("setsockopt", socket);
    if (own == nullptr) {
        return __real_setsockopt(socket, level, name, value, length);
    }
    auto* const asked = own->find<endpoint>(socket);
    if (asked == nullptr) {
        return failure(EBADF);
    }
    if (level == SOL_SOCKET && name == SO_LINGER) {
        const auto& asked_for = *static_cast<const linger*>(value);
        asked->lingers_never = asked_for.l_onoff != 0 && asked_for.l_linger == 0;
    }
    return 0;
}

int __real_getsockname(int socket, sockaddr* address, socklen_t* length);
int __wrap_getsockname(int socket, sockaddr* address, socklen_t* length);
int __wrap_getsockname(int socket, sockaddr* address, socklen_t* length)
{
    world* const own = begin_call("getsockname", socket);
    if (own == nullptr) {
        return __real_getsockname(socket, address, length);
    }
    auto* const asked = own->find<endpoint>(socket);
    if (asked == nullptr) {
        return failure(EBADF);
    }
    tell_address(asked->port, address, length);
    return 0;
}

int __real_getpeername(int socket, sockaddr* address, socklen_t* length);
int __wrap_getpeername(int socket, sockaddr* address, socklen_t* length);
int __wrap_getpeername(int socket, sockaddr* address, socklen_t* length)
{
    world* const own = begin_call("getpeername", socket);
    if (own == nullptr) {
        return __real_getpeername(socket, address, length);
    }
    auto* const asked = own->find<endpoint>(socket);
    if (asked == nullptr) {
        return failure(EBADF);
    }
    if (asked->now_is != endpoint::state::connected) {
        return failure(ENOTCONN);
    }
    tell_address(asked->peer_port, address, length);
    return 0;
}

int __real_shutdown(int socket, int how);
int __wrap_shutdown(int socket, int how);
int __wrap_shutdown(int socket, int how)
{
    world* const own = begin_call("shutdown", socket);
    if (own == nullptr) {
        return __real_shutdown(socket, how);
    }
    auto* const ended = own->find<endpoint>(socket);
    if (ended == nullptr) {
        return failure(EBADF);
    }
    const int error = ended->shut_down(how != SHUT_WR, how != SHUT_RD);
    return error == 0 ? 0 : failure(error);
}

} // extern "C"

// NOLINTEND(bugprone-reserved-identifier)
