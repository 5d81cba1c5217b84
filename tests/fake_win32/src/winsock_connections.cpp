// SPDX-License-Identifier: MIT
//
// Listening, accepting and connecting.

#include <algorithm>

#include "call_scope.h"

namespace fake_win32 {

namespace {

// Blocks until `done` or until the call is to give up. 0 or the error.
template <class Done>
DWORD block(call_scope& call, const std::shared_ptr<socket_object>& socket, Done done)
{
    const unsigned generation = socket->cancel_generation;
    socket->inside++;
    call.all().changed.wait(call.lock(),
                            [&] { return done() || socket->closed || socket->cancel_generation != generation; });
    socket->inside--;
    if (done()) {
        return 0;
    }
    return socket->closed ? WSAENOTSOCK : WSA_OPERATION_ABORTED;
}

} // namespace

int listen(SOCKET handle, int backlog)
{
    call_scope call(api::listen, handle, backlog);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    if (socket->state != socket_state::bound) {
        return call.fail(WSAEINVAL, SOCKET_ERROR);
    }
    socket->state = socket_state::listening;
    socket->backlog_limit = static_cast<std::size_t>(std::max(backlog, 1));
    return call.succeed(0);
}

SOCKET accept(SOCKET handle, sockaddr* name, int* name_length)
{
    call_scope call(api::accept, handle, name, name_length);
    if (call.has_fault()) {
        return call.fail(call.fault(), INVALID_SOCKET);
    }
    const auto listener = call.find_socket(handle);
    if (listener == nullptr) {
        return call.fail(WSAENOTSOCK, INVALID_SOCKET);
    }
    if (listener->state != socket_state::listening) {
        return call.fail(WSAEINVAL, INVALID_SOCKET);
    }
    if (listener->backlog.empty()) {
        if (listener->nonblocking) {
            return call.fail(WSAEWOULDBLOCK, INVALID_SOCKET);
        }
        const DWORD error = block(call, listener, [&] { return !listener->backlog.empty(); });
        if (error != 0) {
            return call.fail(error, INVALID_SOCKET);
        }
    }
    const std::shared_ptr<socket_object> socket = listener->backlog.front();
    listener->backlog.pop_front();
    listener->accept_was_announced = false;
    if (!listener->backlog.empty()) {
        record_network_events(*listener, FD_ACCEPT);
    }
    if (socket->was_reset) {
        return call.fail(WSAECONNRESET, INVALID_SOCKET);
    }
    world& all = call.all();
    socket->handle = reinterpret_cast<SOCKET>(all.new_handle());
    // The properties of the listener, its event included, are inherited; that handles are not is not.
    socket->overlapped = listener->overlapped;
    socket->nonblocking = listener->nonblocking;
    socket->selected = listener->selected;
    socket->selected_event = listener->selected_event;
    all.sockets[socket->handle] = socket;
    if (name != nullptr && copy_sockaddr(socket->remote, name, name_length) != 0) {
        return call.fail(WSAEFAULT, INVALID_SOCKET);
    }
    return call.succeed(socket->handle);
}

int connect(SOCKET handle, const sockaddr* name, int name_length)
{
    call_scope call(api::connect, handle, name, name_length);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    const std::optional<address> to = read_sockaddr(name, name_length);
    if (!to || to->family != socket->family) {
        return call.fail(WSAEFAULT, SOCKET_ERROR);
    }
    if (socket->state != socket_state::fresh && socket->state != socket_state::bound) {
        return call.fail(socket->state == socket_state::connecting ? WSAEALREADY : WSAEISCONN, SOCKET_ERROR);
    }
    if (is_silent(*to)) {
        socket->state = socket_state::connecting;
        if (socket->nonblocking) {
            return call.fail(WSAEWOULDBLOCK, SOCKET_ERROR);
        }
        return call.fail(block(call, socket, [] { return false; }), SOCKET_ERROR);
    }
    const bool connected = connect_to_listener(socket, *to);
    if (!socket->nonblocking) {
        return connected ? call.succeed(0) : call.fail(WSAECONNREFUSED, SOCKET_ERROR);
    }
    socket->connect_error = connected ? 0 : WSAECONNREFUSED;
    record_network_events(*socket, FD_CONNECT);
    return call.fail(WSAEWOULDBLOCK, SOCKET_ERROR);
}

} // namespace fake_win32
