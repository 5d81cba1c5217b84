// SPDX-License-Identifier: MIT

#include "win32/transport/socket_transport.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "common/diagnostics/log.hpp"
#include "win32/system/last_error.hpp"
#include "win32/transport/unblock.hpp"

namespace async_socket::detail {

// SRS_SOCKET_TRANSPORT_WIN32_01_001
static_assert(sizeof(SOCKET_BUFFER) == sizeof(WSABUF));
static_assert(alignof(SOCKET_BUFFER) == alignof(WSABUF));
static_assert(offsetof(SOCKET_BUFFER, length) == offsetof(WSABUF, len));
static_assert(offsetof(SOCKET_BUFFER, buffer) == offsetof(WSABUF, buf));
static_assert(sizeof(SOCKET_BUFFER::length) == sizeof(WSABUF::len));

namespace {

// Where the system is to count the bytes of a call: it insists on a place for a synchronous one, and for an overlapped
// one it is told of none where the caller wants none, since the count would only be right at completion.
DWORD* place_for_count(DWORD& count, const std::uint32_t* wanted, const void* overlapped) noexcept
{
    return wanted != nullptr || overlapped == nullptr ? &count : nullptr;
}

// After a call that may have begun an overlapped operation.
void look_at_the_gate(SOCKET_TRANSPORT_HANDLE transport, bool has_begun, const void* overlapped) noexcept
{
    if (has_begun && overlapped != nullptr) {
        cancel_if_disconnected(transport);
    }
}

// Whether the error is what is left of a connection that the peer has broken. This side's own disconnect looks the
// same.
bool was_broken_by_peer(SOCKET_TRANSPORT_HANDLE transport, int error) noexcept
{
    switch (error) {
    case WSAENETRESET:
    case WSAECONNABORTED:
    case WSAECONNRESET:
    case WSAESHUTDOWN:
    case WSAEDISCON:
        return !transport->gate.is_closed();
    default:
        return false;
    }
}

bool has_room(const SOCKET_BUFFER* buffers, std::uint32_t buffer_count) noexcept
{
    return std::any_of(buffers, buffers + buffer_count, [](const SOCKET_BUFFER& each) { return each.length != 0; });
}

// SRS_SOCKET_TRANSPORT_01_052: of a synchronous receive that has got nothing.
SOCKET_RECEIVE_RESULT result_of_end(SOCKET_TRANSPORT_HANDLE transport) noexcept
{
    const bool is_own = transport->gate.is_closed();
    WSASetLastError(is_own ? WSAECONNABORTED : 0);
    return is_own ? SOCKET_RECEIVE_ERROR : SOCKET_RECEIVE_SHUTDOWN;
}

// A call of this side's own that has been disconnected before it could block.
void refuse_blocking(const char* function) noexcept
{
    log_refused(function, "socket_transport", "was disconnected meanwhile");
    WSASetLastError(WSAECONNABORTED);
}

} // namespace

SOCKET_SEND_RESULT send_on(SOCKET_TRANSPORT_HANDLE transport, const SOCKET_BUFFER* payload, std::uint32_t buffer_count,
                           std::uint32_t* bytes_sent, std::uint32_t flags, void* data) noexcept
{
    // SRS_SOCKET_TRANSPORT_WIN32_01_004, SRS_SOCKET_TRANSPORT_WIN32_01_007, SRS_SOCKET_TRANSPORT_01_045
    std::optional<blocking_call> blocking;
    if (data == nullptr && blocking.emplace(transport).is_in_vain()) {
        refuse_blocking("socket_transport_send");
        return SOCKET_SEND_FAILED;
    }
    DWORD count = 0;
    auto* buffers = reinterpret_cast<WSABUF*>(const_cast<SOCKET_BUFFER*>(payload));
    const bool has_failed = WSASend(transport->socket, buffers, buffer_count, place_for_count(count, bytes_sent, data),
                                    flags, static_cast<OVERLAPPED*>(data), nullptr) != 0;
    look_at_the_gate(transport, !has_failed || WSAGetLastError() == WSA_IO_PENDING, data);
    if (has_failed) {
        // SRS_SOCKET_TRANSPORT_01_038, SRS_SOCKET_TRANSPORT_WIN32_01_006, SRS_SOCKET_TRANSPORT_01_039
        if (WSAGetLastError() != WSA_IO_PENDING) {
            log_system_failure("socket_transport_send", "WSASend", static_cast<DWORD>(WSAGetLastError()));
        }
        // SRS_SOCKET_TRANSPORT_01_051
        return data == nullptr && was_broken_by_peer(transport, WSAGetLastError()) ? SOCKET_SEND_SHUTDOWN
                                                                                   : SOCKET_SEND_FAILED;
    }
    // SRS_SOCKET_TRANSPORT_01_037
    if (bytes_sent != nullptr) {
        *bytes_sent = count;
    }
    return SOCKET_SEND_OK;
}

SOCKET_RECEIVE_RESULT receive_on(SOCKET_TRANSPORT_HANDLE transport, SOCKET_BUFFER* payload, std::uint32_t buffer_count,
                                 std::uint32_t* bytes_received, std::uint32_t flags, void* data) noexcept
{
    // SRS_SOCKET_TRANSPORT_WIN32_01_005, SRS_SOCKET_TRANSPORT_WIN32_01_007, SRS_SOCKET_TRANSPORT_01_045
    std::optional<blocking_call> blocking;
    if (data == nullptr && blocking.emplace(transport).is_in_vain()) {
        refuse_blocking("socket_transport_receive");
        return SOCKET_RECEIVE_ERROR;
    }
    DWORD count = 0;
    DWORD flags_in_and_out = flags;
    auto* buffers = reinterpret_cast<WSABUF*>(payload);
    const bool has_failed =
        WSARecv(transport->socket, buffers, buffer_count, place_for_count(count, bytes_received, data),
                &flags_in_and_out, static_cast<OVERLAPPED*>(data), nullptr) != 0;
    look_at_the_gate(transport, !has_failed || WSAGetLastError() == WSA_IO_PENDING, data);
    if (has_failed) {
        // SRS_SOCKET_TRANSPORT_01_043, SRS_SOCKET_TRANSPORT_WIN32_01_006
        if (WSAGetLastError() == WSA_IO_PENDING) {
            return SOCKET_RECEIVE_WOULD_BLOCK;
        }
        // SRS_SOCKET_TRANSPORT_01_044, SRS_SOCKET_TRANSPORT_01_039
        log_system_failure("socket_transport_receive", "WSARecv", static_cast<DWORD>(WSAGetLastError()));
        // SRS_SOCKET_TRANSPORT_01_052
        return data == nullptr && was_broken_by_peer(transport, WSAGetLastError()) ? SOCKET_RECEIVE_SHUTDOWN
                                                                                   : SOCKET_RECEIVE_ERROR;
    }
    // SRS_SOCKET_TRANSPORT_01_042
    if (bytes_received != nullptr) {
        *bytes_received = count;
    }
    if (data == nullptr && count == 0 && has_room(payload, buffer_count)) {
        return result_of_end(transport);
    }
    return SOCKET_RECEIVE_OK;
}

} // namespace async_socket::detail
