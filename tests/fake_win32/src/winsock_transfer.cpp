// SPDX-License-Identifier: MIT
//
// WSASend and WSARecv, overlapped and synchronous.

#include <algorithm>

#include "overlapped.h"

namespace fake_win32 {

namespace {

std::uint64_t total_of(const WSABUF* buffers, DWORD count)
{
    std::uint64_t total = 0;
    for (DWORD i = 0; i < count; i++) {
        total += buffers[i].len;
    }
    return total;
}

// 0 or the error that the call fails with at once.
DWORD refusal(const socket_object& socket, bool is_send)
{
    if (socket.state != socket_state::connected || socket.lacks_context) {
        return WSAENOTCONN;
    }
    if (is_send ? socket.send_shut : socket.receive_shut) {
        return WSAESHUTDOWN;
    }
    if (socket.was_reset || (is_send && socket.peer == nullptr)) {
        return WSAECONNRESET;
    }
    return 0;
}

std::shared_ptr<operation> start_operation(call_scope& call, const std::shared_ptr<socket_object>& socket,
                                           const WSABUF* buffers, DWORD count, bool is_send, OVERLAPPED* overlapped)
{
    auto op = begin_overlapped(call, socket, is_send ? pending_kind::send : pending_kind::receive, overlapped);
    if (op == nullptr) {
        return nullptr;
    }
    op->buffers.assign(buffers, buffers + count);
    op->length = total_of(buffers, count);
    (is_send ? socket->sends : socket->receives).push_back(op);
    pump(socket);
    return op;
}

int run_overlapped(call_scope& call, const std::shared_ptr<socket_object>& socket, const WSABUF* buffers, DWORD count,
                   DWORD* transferred, bool is_send, OVERLAPPED* overlapped)
{
    const DWORD error = refusal(*socket, is_send);
    if (error != 0) {
        return call.fail(error, SOCKET_ERROR);
    }
    const auto op = start_operation(call, socket, buffers, count, is_send, overlapped);
    if (op == nullptr) {
        return call.fail(WSAEINVAL, SOCKET_ERROR);
    }
    if (may_return_at_once(call, *op)) {
        if (transferred != nullptr) {
            *transferred = static_cast<DWORD>(op->bytes);
        }
        return call.succeed(0);
    }
    return call.fail(WSA_IO_PENDING, SOCKET_ERROR);
}

// Blocks until `done` or until the call is to give up. 0 or the error.
template <class Done>
DWORD block(call_scope& call, const std::shared_ptr<socket_object>& socket, bool is_send, Done done)
{
    const unsigned generation = socket->cancel_generation;
    socket->inside++;
    call.all().changed.wait(call.lock(), [&] {
        return done() || socket->closed || socket->cancel_generation != generation || socket->was_reset ||
               (is_send && socket->peer == nullptr);
    });
    socket->inside--;
    if (done()) {
        return 0;
    }
    if (socket->closed) {
        return WSAENOTSOCK;
    }
    return socket->cancel_generation != generation ? WSA_OPERATION_ABORTED : WSAECONNRESET;
}

int send_now(call_scope& call, const std::shared_ptr<socket_object>& socket, const WSABUF* buffers, DWORD count,
             DWORD* transferred)
{
    DWORD done = 0;
    for (DWORD i = 0; i < count; i++) {
        DWORD offset = 0;
        while (offset < buffers[i].len) {
            DWORD error = refusal(*socket, true);
            if (error == 0 && room_at(*socket->peer) == 0) {
                if (socket->nonblocking) {
                    *transferred = done;
                    return done != 0 ? call.succeed(0) : call.fail(WSAEWOULDBLOCK, SOCKET_ERROR);
                }
                error =
                    block(call, socket, true, [&] { return socket->peer != nullptr && room_at(*socket->peer) != 0; });
            }
            if (error != 0) {
                return call.fail(error, SOCKET_ERROR);
            }
            const DWORD here =
                static_cast<DWORD>(std::min<std::size_t>(room_at(*socket->peer), buffers[i].len - offset));
            socket->peer->received.insert(socket->peer->received.end(), buffers[i].buf + offset,
                                          buffers[i].buf + offset + here);
            record_network_events(*socket->peer, FD_READ);
            pump(socket);
            offset += here;
            done += here;
        }
    }
    *transferred = done;
    return call.succeed(0);
}

int receive_now(call_scope& call, const std::shared_ptr<socket_object>& socket, const WSABUF* buffers, DWORD count,
                DWORD* transferred)
{
    DWORD error = refusal(*socket, false);
    const auto ready = [&] { return !socket->received.empty() || socket->end_received; };
    if (error == 0 && !ready()) {
        error = socket->nonblocking ? WSAEWOULDBLOCK : block(call, socket, false, ready);
    }
    if (error != 0) {
        return call.fail(error, SOCKET_ERROR);
    }
    *transferred = 0;
    for (DWORD i = 0; i < count; i++) {
        const std::size_t here = std::min<std::size_t>(buffers[i].len, socket->received.size());
        std::copy_n(socket->received.begin(), here, buffers[i].buf);
        socket->received.erase(socket->received.begin(), socket->received.begin() + static_cast<std::ptrdiff_t>(here));
        *transferred += static_cast<DWORD>(here);
    }
    pump(socket);
    return call.succeed(0);
}

int transfer(call_scope& call, SOCKET handle, LPWSABUF buffers, DWORD count, DWORD* transferred, bool is_send,
             OVERLAPPED* overlapped)
{
    call.note_buffers(buffers, count);
    const auto socket = call.find_socket(handle);
    if (call.has_fault()) {
        return call.fail(call.fault(), SOCKET_ERROR);
    }
    if (socket == nullptr) {
        return call.fail(WSAENOTSOCK, SOCKET_ERROR);
    }
    if (buffers == nullptr || count == 0 || (overlapped == nullptr && transferred == nullptr)) {
        return call.fail(WSAEFAULT, SOCKET_ERROR);
    }
    if (overlapped != nullptr) {
        return run_overlapped(call, socket, buffers, count, transferred, is_send, overlapped);
    }
    return is_send ? send_now(call, socket, buffers, count, transferred)
                   : receive_now(call, socket, buffers, count, transferred);
}

} // namespace

int WSASend(SOCKET handle, LPWSABUF buffers, DWORD buffer_count, LPDWORD sent, DWORD flags, LPWSAOVERLAPPED overlapped,
            LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    call_scope call(api::WSASend, handle, buffers, buffer_count, sent, flags, overlapped,
                    reinterpret_cast<void*>(routine));
    return transfer(call, handle, buffers, buffer_count, sent, true, overlapped);
}

int WSARecv(SOCKET handle, LPWSABUF buffers, DWORD buffer_count, LPDWORD received, LPDWORD flags,
            LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    // The value of the flags is recorded, not the place that it stands at.
    call_scope call(api::WSARecv, handle, buffers, buffer_count, received, flags != nullptr ? *flags : ~0u, overlapped,
                    reinterpret_cast<void*>(routine));
    return transfer(call, handle, buffers, buffer_count, received, false, overlapped);
}

} // namespace fake_win32
