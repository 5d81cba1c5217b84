// SPDX-License-Identifier: MIT
//
// Binding, and the names and options of sockets.

#include <algorithm>

#include "call_scope.h"

namespace fake_win32 {

namespace {

bool overlap(const socket_object& one, const socket_object& other)
{
    if (one.local.port != other.local.port) {
        return false;
    }
    if (one.family == other.family) {
        return one.local.is_any() || other.local.is_any() || one.local.bytes == other.local.bytes;
    }
    const socket_object& v6 = one.family == AF_INET6 ? one : other;
    return !v6.v6_only && v6.local.is_any();
}

bool is_taken(const world& all, const socket_object& wanted)
{
    return std::any_of(all.sockets.begin(), all.sockets.end(), [&](const auto& entry) {
        const socket_object& other = *entry.second;
        return &other != &wanted && (other.state == socket_state::bound || other.state == socket_state::listening) &&
               overlap(other, wanted);
    });
}

int int_at(const char* value)
{
    int result = 0;
    std::memcpy(&result, value, sizeof result);
    return result;
}

// One that is kept and does nothing.
bool is_plain_option(int level, int name)
{
    if (level == IPPROTO_TCP) {
        return name == TCP_NODELAY || name == TCP_KEEPIDLE || name == TCP_KEEPINTVL || name == TCP_KEEPCNT;
    }
    return level == SOL_SOCKET && (name == SO_KEEPALIVE || name == SO_SNDBUF || name == SO_RCVBUF);
}

// 0 or the error.
DWORD set_option(socket_object& socket, int level, int name, const char* value, int length)
{
    if (level == SOL_SOCKET && name == SO_LINGER) {
        linger wanted{};
        if (length < static_cast<int>(sizeof wanted)) {
            return WSAEFAULT;
        }
        std::memcpy(&wanted, value, sizeof wanted);
        socket.abortive = wanted.l_onoff != 0 && wanted.l_linger == 0;
        return 0;
    }
    if (length < static_cast<int>(sizeof(int))) {
        return WSAEFAULT;
    }
    const bool on = int_at(value) != 0;
    if (level == SOL_SOCKET && name == SO_EXCLUSIVEADDRUSE) {
        if (socket.state != socket_state::fresh) {
            return WSAEINVAL;
        }
        socket.exclusive = on;
        return 0;
    }
    if (level == SOL_SOCKET && name == SO_REUSEADDR) {
        return 0; // taken, though nothing here lets a second socket in
    }
    if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY && socket.family == AF_INET6) {
        if (socket.state != socket_state::fresh) {
            return WSAEINVAL;
        }
        socket.v6_only = on;
        return 0;
    }
    if (is_plain_option(level, name)) {
        socket.options[{level, name}] = int_at(value);
        return 0;
    }
    return WSAENOPROTOOPT;
}

// After ConnectEx and AcceptEx.
int update_context(call_scope& call, socket_object& socket, int name, const char* value, int length)
{
    if (socket.state != socket_state::connected) {
        return call.fail(WSAENOTCONN, SOCKET_ERROR);
    }
    if (name == SO_UPDATE_ACCEPT_CONTEXT) {
        SOCKET listener = INVALID_SOCKET;
        if (value == nullptr || length != static_cast<int>(sizeof listener)) {
            return call.fail(WSAEFAULT, SOCKET_ERROR);
        }
        std::memcpy(&listener, value, sizeof listener);
        const auto found = call.find_socket(listener);
        if (found == nullptr) {
            return call.fail(WSAENOTSOCK, SOCKET_ERROR);
        }
        // The properties of the listener, its event included, are inherited.
        socket.nonblocking = found->nonblocking;
        socket.selected = found->selected;
        socket.selected_event = found->selected_event;
    }
    socket.lacks_context = false;
    return call.succeed(0);
}

} // namespace

int bind(SOCKET handle, const sockaddr* name, int name_length)
{
    call_scope call(api::bind, handle, name, name_length);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    const std::optional<address> wanted = read_sockaddr(name, name_length);
    if (!wanted || wanted->family != socket->family) {
        return call.fail(WSAEFAULT, SOCKET_ERROR);
    }
    if (socket->state != socket_state::fresh) {
        return call.fail(WSAEINVAL, SOCKET_ERROR);
    }
    address only_address = *wanted;
    only_address.port = 0;
    if (!wanted->is_any() && only_address != loopback(socket->family, 0)) {
        return call.fail(WSAEADDRNOTAVAIL, SOCKET_ERROR);
    }
    socket->local = *wanted;
    if (wanted->port == 0) {
        socket->local.port = call.all().next_port++;
    } else if (is_taken(call.all(), *socket)) {
        socket->local = {};
        socket->local.family = socket->family;
        return call.fail(WSAEADDRINUSE, SOCKET_ERROR);
    }
    socket->state = socket_state::bound;
    return call.succeed(0);
}

int getsockname(SOCKET handle, sockaddr* name, int* name_length)
{
    call_scope call(api::getsockname, handle, name, name_length);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    if (socket->local.port == 0) {
        return call.fail(WSAEINVAL, SOCKET_ERROR);
    }
    const int error = copy_sockaddr(socket->local, name, name_length);
    return error == 0 ? call.succeed(0) : call.fail(static_cast<DWORD>(error), SOCKET_ERROR);
}

int getpeername(SOCKET handle, sockaddr* name, int* name_length)
{
    call_scope call(api::getpeername, handle, name, name_length);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    if (socket->state != socket_state::connected || socket->lacks_context) {
        return call.fail(WSAENOTCONN, SOCKET_ERROR);
    }
    const int error = copy_sockaddr(socket->remote, name, name_length);
    return error == 0 ? call.succeed(0) : call.fail(static_cast<DWORD>(error), SOCKET_ERROR);
}

int getsockopt(SOCKET handle, int level, int name, char* value, int* length)
{
    call_scope call(api::getsockopt, handle, level, name, value, length);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    if (value == nullptr || length == nullptr || *length < static_cast<int>(sizeof(int))) {
        return call.fail(WSAEFAULT, SOCKET_ERROR);
    }
    int result = 0;
    if (level == SOL_SOCKET && name == SO_ERROR) {
        result = socket->connect_error;
    } else if (level == SOL_SOCKET && name == SO_EXCLUSIVEADDRUSE) {
        result = socket->exclusive ? 1 : 0;
    } else if (level == SOL_SOCKET && name == SO_ACCEPTCONN) {
        result = socket->state == socket_state::listening ? 1 : 0;
    } else if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY) {
        result = socket->v6_only ? 1 : 0;
    } else if (is_plain_option(level, name)) {
        result = socket->options[{level, name}];
    } else {
        return call.fail(WSAENOPROTOOPT, SOCKET_ERROR);
    }
    std::memcpy(value, &result, sizeof result);
    *length = sizeof result;
    return call.succeed(0);
}

int setsockopt(SOCKET handle, int level, int name, const char* value, int length)
{
    call_scope call(api::setsockopt, handle, level, name, value, length);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    if (level == SOL_SOCKET && (name == SO_UPDATE_CONNECT_CONTEXT || name == SO_UPDATE_ACCEPT_CONTEXT)) {
        return update_context(call, *socket, name, value, length);
    }
    const DWORD error = value == nullptr ? WSAEFAULT : set_option(*socket, level, name, value, length);
    return error == 0 ? call.succeed(0) : call.fail(error, SOCKET_ERROR);
}

} // namespace fake_win32
