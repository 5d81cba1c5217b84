// SPDX-License-Identifier: MIT
//
// ConnectEx and AcceptEx, and where a program gets them from.

#include <cstring>

#include "mswsock.h"
#include "overlapped.h"

namespace fake_win32 {

namespace {

BOOL CALLBACK ConnectEx(SOCKET handle, const sockaddr* name, int name_length, PVOID send_buffer, DWORD send_length,
                        LPDWORD sent, LPOVERLAPPED overlapped)
{
    call_scope call(api::ConnectEx, handle, name, name_length, send_buffer, send_length, sent, overlapped);
    if (call.has_fault()) {
        return call.fail(call.fault(), FALSE);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, FALSE);
    }
    const std::optional<address> to = read_sockaddr(name, name_length);
    if (!to || to->family != socket->family || overlapped == nullptr || send_buffer != nullptr) {
        return call.fail(WSAEFAULT, FALSE);
    }
    // Unlike connect it wants a socket that is bound.
    if (socket->state != socket_state::bound) {
        return call.fail(socket->state == socket_state::connected ? WSAEISCONN : WSAEINVAL, FALSE);
    }
    const auto op = begin_overlapped(call, socket, pending_kind::connect, overlapped);
    if (op == nullptr) {
        return call.fail(WSAEINVAL, FALSE);
    }
    socket->connects.push_back(op);
    if (!is_silent(*to)) {
        // A port that nobody listens on may be that of the socket itself: then both ends are this one.
        const bool is_own = socket->local.port == to->port;
        const bool is_connected = is_own || connect_to_listener(socket, *to);
        if (is_own) {
            socket->state = socket_state::connected;
            socket->local = *to;
            socket->remote = *to;
        }
        socket->lacks_context = is_connected;
        op->is_decided = true;
        op->answer = is_connected ? NO_ERROR : ERROR_CONNECTION_REFUSED;
        pump(socket);
    }
    return may_return_at_once(call, *op) ? call.succeed(TRUE) : call.fail(WSA_IO_PENDING, FALSE);
}

BOOL CALLBACK AcceptEx(SOCKET handle, SOCKET accepted_handle, PVOID output, DWORD receive_length, DWORD local_length,
                       DWORD remote_length, LPDWORD received, LPOVERLAPPED overlapped)
{
    call_scope call(api::AcceptEx, handle, accepted_handle, output, receive_length, local_length, remote_length,
                    received, overlapped);
    if (call.has_fault()) {
        return call.fail(call.fault(), FALSE);
    }
    const auto listener = call.find_socket(handle);
    const auto accepted = call.find_socket(accepted_handle);
    if (listener == nullptr || accepted == nullptr) {
        return call.fail(WSAENOTSOCK, FALSE);
    }
    constexpr DWORD least = sizeof(sockaddr_storage) + 16;
    if (listener->state != socket_state::listening || accepted->state != socket_state::fresh ||
        listener->family != accepted->family) {
        return call.fail(WSAEINVAL, FALSE);
    }
    if (output == nullptr || overlapped == nullptr || receive_length != 0 || local_length < least ||
        remote_length < least) {
        return call.fail(WSAEFAULT, FALSE);
    }
    const auto op = begin_overlapped(call, listener, pending_kind::accept, overlapped);
    if (op == nullptr) {
        return call.fail(WSAEINVAL, FALSE);
    }
    op->accepted = accepted_handle;
    listener->accepts.push_back(op);
    serve_accepts(*listener);
    return may_return_at_once(call, *op) ? call.succeed(TRUE) : call.fail(WSA_IO_PENDING, FALSE);
}

template <class Function>
int give(call_scope& call, Function function, LPVOID out, DWORD out_size, LPDWORD returned)
{
    if (out_size < sizeof function) {
        return call.fail(WSAEFAULT, SOCKET_ERROR);
    }
    std::memcpy(out, &function, sizeof function);
    *returned = sizeof function;
    return call.succeed(0);
}

} // namespace

int WSAIoctl(SOCKET handle, DWORD code, LPVOID in, DWORD in_size, LPVOID out, DWORD out_size, LPDWORD returned,
             LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    call_scope call(api::WSAIoctl, handle, code, in, in_size, out, out_size, returned, overlapped,
                    reinterpret_cast<void*>(routine));
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    const auto socket = call.find_socket(handle);
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    if (code == SIO_KEEPALIVE_VALS) {
        ULONG values[3];
        if (in_size != sizeof values) {
            return call.fail(WSAEFAULT, SOCKET_ERROR);
        }
        std::memcpy(values, in, sizeof values);
        socket->options[{SOL_SOCKET, SO_KEEPALIVE}] = static_cast<int>(values[0]);
        socket->options[{IPPROTO_TCP, TCP_KEEPIDLE}] = static_cast<int>(values[1] / 1000);
        socket->options[{IPPROTO_TCP, TCP_KEEPINTVL}] = static_cast<int>(values[2] / 1000);
        return call.succeed(0);
    }
    if (code == SIO_TCP_INITIAL_RTO) {
        if (in_size != 4 || (socket->state != socket_state::fresh && socket->state != socket_state::bound)) {
            return call.fail(WSAEINVAL, SOCKET_ERROR);
        }
        // How often a connect is tried again; behind the time of the first.
        socket->options[{IPPROTO_TCP, static_cast<int>(SIO_TCP_INITIAL_RTO)}] = static_cast<unsigned char*>(in)[2];
        return call.succeed(0);
    }
    if (code != SIO_GET_EXTENSION_FUNCTION_POINTER || in_size != sizeof(GUID) || overlapped != nullptr ||
        returned == nullptr) {
        return call.fail(WSAEOPNOTSUPP, SOCKET_ERROR);
    }
    const GUID connect_ex = WSAID_CONNECTEX;
    const GUID accept_ex = WSAID_ACCEPTEX;
    if (std::memcmp(in, &connect_ex, sizeof connect_ex) == 0) {
        return give<LPFN_CONNECTEX>(call, ConnectEx, out, out_size, returned);
    }
    if (std::memcmp(in, &accept_ex, sizeof accept_ex) == 0) {
        return give<LPFN_ACCEPTEX>(call, AcceptEx, out, out_size, returned);
    }
    return call.fail(WSAEINVAL, SOCKET_ERROR);
}

} // namespace fake_win32
