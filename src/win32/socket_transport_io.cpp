// SPDX-License-Identifier: MIT

#include "win32/socket_transport.hpp"

#include <cstddef>

#include "common/log.hpp"
#include "win32/last_error.hpp"

using namespace async_socket::detail;

// SRS_SOCKET_TRANSPORT_WIN32_01_001
static_assert(sizeof(SOCKET_BUFFER) == sizeof(WSABUF));
static_assert(alignof(SOCKET_BUFFER) == alignof(WSABUF));
static_assert(offsetof(SOCKET_BUFFER, length) == offsetof(WSABUF, len));
static_assert(offsetof(SOCKET_BUFFER, buffer) == offsetof(WSABUF, buf));
static_assert(sizeof(SOCKET_BUFFER::length) == sizeof(WSABUF::len));

namespace {

// Where the system is to count the bytes of a call: it insists on a place for a synchronous one, and for an overlapped
// one it is told of none where the caller wants none, since the count would only be right at completion.
DWORD* place_for_count(DWORD& count, const uint32_t* wanted, const void* overlapped) noexcept
{
    return wanted != nullptr || overlapped == nullptr ? &count : nullptr;
}

} // namespace

SOCKET_SEND_RESULT socket_transport_send(SOCKET_TRANSPORT_HANDLE socket_transport, const SOCKET_BUFFER* payload,
                                         uint32_t buffer_count, uint32_t* bytes_sent, uint32_t flags, void* data)
{
    // SRS_SOCKET_TRANSPORT_01_035
    if (socket_transport == nullptr || payload == nullptr) {
        log_refused(__func__, socket_transport == nullptr ? "socket_transport" : "payload", "is NULL");
        return SOCKET_SEND_INVALID_ARG;
    }
    if (buffer_count == 0) {
        log_refused(__func__, "buffer_count", "is 0");
        return SOCKET_SEND_INVALID_ARG;
    }
    // SRS_SOCKET_TRANSPORT_01_036
    const transport_use use(socket_transport);
    if (!use || socket_transport->type != SOCKET_CLIENT) {
        log_refused(__func__, "socket_transport", "is not connected");
        return SOCKET_SEND_ERROR;
    }

    // SRS_SOCKET_TRANSPORT_WIN32_01_004, SRS_SOCKET_TRANSPORT_WIN32_01_007, SRS_SOCKET_TRANSPORT_01_045
    DWORD count = 0;
    auto* buffers = reinterpret_cast<WSABUF*>(const_cast<SOCKET_BUFFER*>(payload));
    if (WSASend(socket_transport->socket, buffers, buffer_count, place_for_count(count, bytes_sent, data), flags,
                static_cast<OVERLAPPED*>(data), nullptr) != 0) {
        // SRS_SOCKET_TRANSPORT_01_038, SRS_SOCKET_TRANSPORT_WIN32_01_006, SRS_SOCKET_TRANSPORT_01_039
        if (WSAGetLastError() != WSA_IO_PENDING) {
            log_system_failure(__func__, "WSASend", static_cast<DWORD>(WSAGetLastError()));
        }
        return SOCKET_SEND_FAILED;
    }
    // SRS_SOCKET_TRANSPORT_01_037
    if (bytes_sent != nullptr) {
        *bytes_sent = count;
    }
    return SOCKET_SEND_OK;
}

SOCKET_RECEIVE_RESULT socket_transport_receive(SOCKET_TRANSPORT_HANDLE socket_transport, SOCKET_BUFFER* payload,
                                               uint32_t buffer_count, uint32_t* bytes_recv, uint32_t flags, void* data)
{
    // SRS_SOCKET_TRANSPORT_01_040
    if (socket_transport == nullptr || payload == nullptr) {
        log_refused(__func__, socket_transport == nullptr ? "socket_transport" : "payload", "is NULL");
        return SOCKET_RECEIVE_INVALID_ARG;
    }
    if (buffer_count == 0) {
        log_refused(__func__, "buffer_count", "is 0");
        return SOCKET_RECEIVE_INVALID_ARG;
    }
    // SRS_SOCKET_TRANSPORT_01_041
    const transport_use use(socket_transport);
    if (!use || socket_transport->type != SOCKET_CLIENT) {
        log_refused(__func__, "socket_transport", "is not connected");
        // There was no system call that could have set it.
        WSASetLastError(WSAENOTCONN);
        return SOCKET_RECEIVE_ERROR;
    }

    // SRS_SOCKET_TRANSPORT_WIN32_01_005, SRS_SOCKET_TRANSPORT_WIN32_01_007, SRS_SOCKET_TRANSPORT_01_045
    DWORD count = 0;
    DWORD flags_in_and_out = flags;
    auto* buffers = reinterpret_cast<WSABUF*>(payload);
    if (WSARecv(socket_transport->socket, buffers, buffer_count, place_for_count(count, bytes_recv, data),
                &flags_in_and_out, static_cast<OVERLAPPED*>(data), nullptr) != 0) {
        // SRS_SOCKET_TRANSPORT_01_043, SRS_SOCKET_TRANSPORT_WIN32_01_006
        if (WSAGetLastError() == WSA_IO_PENDING) {
            return SOCKET_RECEIVE_WOULD_BLOCK;
        }
        // SRS_SOCKET_TRANSPORT_01_044, SRS_SOCKET_TRANSPORT_01_039
        log_system_failure(__func__, "WSARecv", static_cast<DWORD>(WSAGetLastError()));
        return SOCKET_RECEIVE_ERROR;
    }
    // SRS_SOCKET_TRANSPORT_01_042
    if (bytes_recv != nullptr) {
        *bytes_recv = count;
    }
    return SOCKET_RECEIVE_OK;
}
