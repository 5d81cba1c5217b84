// SPDX-License-Identifier: MIT
//
// One attempt: a socket of its own, bound to the engine's pool, and ConnectEx.

#include "win32/connect/operation.hpp"

#include <cstring>

#include "win32/socket/socket.hpp"
#include "win32/system/extension_function.hpp"
#include "win32/system/last_error.hpp"
#include "win32/system/loopback.hpp"
#include "win32/transport/socket_transport.hpp"

namespace async_socket::detail {

namespace {

// A port of the loopback address that nobody listens on may be the one that the system chooses for this very socket,
// which then connects to itself.
DWORD refuse_own_echo(SOCKET socket) noexcept
{
    sockaddr_storage own{};
    sockaddr_storage peer{};
    int own_size = sizeof own;
    int peer_size = sizeof peer;
    if (getsockname(socket, reinterpret_cast<sockaddr*>(&own), &own_size) != 0 ||
        getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &peer_size) != 0) {
        return static_cast<DWORD>(WSAGetLastError());
    }
    if (own_size != peer_size || std::memcmp(&own, &peer, static_cast<std::size_t>(own_size)) != 0) {
        return 0;
    }
    // Ended without the usual wait, which would keep the port from the server that is to come.
    make_close_abortive(socket);
    return WSAECONNREFUSED;
}

// Makes a connected socket of it like any other.
DWORD settle(SOCKET socket) noexcept
{
    if (setsockopt(socket, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, nullptr, 0) != 0) {
        return static_cast<DWORD>(WSAGetLastError());
    }
    return refuse_own_echo(socket);
}

} // namespace

DWORD connect_operation::start_attempt(connect_attempt& attempt) noexcept
{
    const SOCKET socket = make_tcp_socket(attempt.address.ss_family);
    if (socket == INVALID_SOCKET) {
        return static_cast<DWORD>(WSAGetLastError());
    }
    const auto fail = [socket](DWORD error) {
        closesocket(socket);
        return error;
    };
    // ConnectEx wants a socket that is bound.
    sockaddr_storage any{};
    any.ss_family = attempt.address.ss_family;
    if (bind(socket, reinterpret_cast<const sockaddr*>(&any), attempt.address_length) != 0) {
        return fail(static_cast<DWORD>(WSAGetLastError()));
    }
    take_refusal_for_an_answer(socket, reinterpret_cast<const sockaddr&>(attempt.address));
    const LPFN_CONNECTEX connect_ex = extension_function<LPFN_CONNECTEX>(socket, WSAID_CONNECTEX);
    if (connect_ex == nullptr) {
        return fail(static_cast<DWORD>(WSAGetLastError()));
    }
    // With the socket as its context: it is the socket's own if this attempt wins.
    const PTP_IO io =
        CreateThreadpoolIo(reinterpret_cast<HANDLE>(socket), on_io_complete, socket_, &socket_->environment);
    if (io == nullptr) {
        return fail(GetLastError());
    }

    attempt.kind = io_kind::connect;
    attempt.owner = this;
    attempt.handle = socket;
    attempt.io = io;
    add_reference();
    {
        const std::lock_guard lock(mutex_);
        attempt.is_pending = true;
    }
    StartThreadpoolIo(io);
    if (connect_ex(socket, reinterpret_cast<const sockaddr*>(&attempt.address), attempt.address_length, nullptr, 0,
                   nullptr, &attempt.overlapped) ||
        WSAGetLastError() == WSA_IO_PENDING) {
        return 0;
    }
    const auto error = static_cast<DWORD>(WSAGetLastError());
    CancelThreadpoolIo(io);
    closesocket(socket);
    CloseThreadpoolIo(io);
    release();
    return error;
}

void connect_operation::cancel_attempt(connect_attempt& attempt) noexcept
{
    const std::lock_guard lock(mutex_);
    if (attempt.is_pending) {
        CancelIoEx(reinterpret_cast<HANDLE>(attempt.handle), &attempt.overlapped);
    }
}

void connect_operation::end_attempt(connect_attempt& attempt, DWORD io_result) noexcept
{
    {
        const std::lock_guard lock(mutex_);
        attempt.is_pending = false;
    }
    attempt.thread = std::this_thread::get_id();
    attempt.error = io_result == NO_ERROR ? settle(attempt.handle) : io_result;
    connect_attempt* none = nullptr;
    // SRS_ASYNC_CONNECT_01_010
    if (attempt.error != 0 || !winner_.compare_exchange_strong(none, &attempt, std::memory_order_acq_rel)) {
        closesocket(attempt.handle);
        CloseThreadpoolIo(attempt.io);
    }
}

void connect_operation::on_attempt_end(PTP_CALLBACK_INSTANCE instance, connect_attempt* attempt,
                                       ULONG io_result) noexcept
{
    connect_operation* const self = attempt->owner;
    self->end_attempt(*attempt, io_result);
    attempt->has_ended.store(true, std::memory_order_release);
    self->advance(instance);
    self->release();
}

// Of one that has won and is not wanted, because the socket is being closed.
void connect_operation::drop_winner() noexcept
{
    const connect_attempt& winner = *winner_.load(std::memory_order_acquire);
    // Inside that callback it is let finish, and others are about to.
    if (winner.thread != std::this_thread::get_id()) {
        WaitForThreadpoolIoCallbacks(winner.io, FALSE);
    }
    CloseThreadpoolIo(winner.io);
}

} // namespace async_socket::detail
