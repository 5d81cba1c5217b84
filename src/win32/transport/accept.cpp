// SPDX-License-Identifier: MIT

#include "win32/transport/socket_transport.hpp"

#include <algorithm>

#include "common/diagnostics/log.hpp"
#include "common/time/deadline.hpp"
#include "win32/system/last_error.hpp"

namespace async_socket::detail {

namespace {

constexpr const char* function_name = "socket_transport_accept";

// SRS_SOCKET_TRANSPORT_01_032, SRS_SOCKET_TRANSPORT_01_033, SRS_SOCKET_TRANSPORT_WIN32_01_009
SOCKET_ACCEPT_RESULT result_of(int error) noexcept
{
    switch (error) {
    case WSAENOBUFS:
    case WSAEMFILE:
        return SOCKET_ACCEPT_PORT_EXHAUSTION;
    case WSAEINPROGRESS:
        return SOCKET_ACCEPT_INPROGRESS;
    default:
        return SOCKET_ACCEPT_ERROR;
    }
}

// How long a call that was woken for nothing waits before it looks by itself.
constexpr DWORD look_again_ms = 50;

// SRS_SOCKET_TRANSPORT_01_025, SRS_SOCKET_TRANSPORT_01_030: OK when it is worth another look. `was_woken` says whether
// the event has woken this call, and comes back true when it has done so now.
SOCKET_ACCEPT_RESULT wait_for_connection(SOCKET_TRANSPORT_HANDLE server, const deadline& limit,
                                         bool& was_woken) noexcept
{
    const HANDLE handles[] = {server->disconnected, server->connection_came};
    const DWORD remaining = limit.remaining_ms();
    // SRS_SOCKET_TRANSPORT_WIN32_01_011: under Wine the event may come late, for a connection that was accepted
    // already, and is then not set for any other until one has been accepted.
    const DWORD wait = was_woken ? std::min(remaining, look_again_ms) : remaining;
    switch (WaitForMultipleObjects(2, handles, FALSE, wait)) {
    case WAIT_OBJECT_0:
        log_refused(function_name, "socket_transport", "was disconnected meanwhile");
        return SOCKET_ACCEPT_ERROR;
    case WAIT_OBJECT_0 + 1:
        was_woken = true;
        return SOCKET_ACCEPT_OK;
    case WAIT_TIMEOUT:
        return wait < remaining ? SOCKET_ACCEPT_OK : SOCKET_ACCEPT_NO_CONNECTION;
    default:
        log_system_failure(function_name, "WaitForMultipleObjects", GetLastError());
        return SOCKET_ACCEPT_ERROR;
    }
}

SOCKET_ACCEPT_RESULT accept_socket(SOCKET_TRANSPORT_HANDLE server, SOCKET& accepted, const deadline& limit) noexcept
{
    bool was_woken = false;
    for (;;) {
        // Looked at before every wait: another thread may have taken the connection that the event was set for, and one
        // that came before this call has set the event for nobody.
        accepted = accept(server->socket, nullptr, nullptr);
        if (accepted != INVALID_SOCKET) {
            return SOCKET_ACCEPT_OK;
        }
        SOCKET_ACCEPT_RESULT result = SOCKET_ACCEPT_OK;
        const int error = WSAGetLastError();
        if (error == WSAEWOULDBLOCK) {
            result = wait_for_connection(server, limit, was_woken);
        }
        // SRS_SOCKET_TRANSPORT_01_033: a peer that gave up is no failure of the server's, and the next one may wait.
        else if (error != WSAECONNRESET) {
            log_system_failure(function_name, "accept", static_cast<DWORD>(error));
            result = result_of(error);
        }
        if (result != SOCKET_ACCEPT_OK) {
            // SRS_SOCKET_TRANSPORT_WIN32_01_012: the event woke one thread only, which now looks no more.
            if (was_woken) {
                SetEvent(server->connection_came);
            }
            return result;
        }
    }
}

// The accepted socket has inherited the listener's event and mode, which are not for it.
SOCKET_TRANSPORT_HANDLE make_transport(SOCKET accepted) noexcept
{
    if (!make_blocking(accepted)) {
        log_system_failure(function_name, "ioctlsocket", static_cast<DWORD>(WSAGetLastError()));
        return nullptr;
    }
    // SRS_SOCKET_TRANSPORT_WIN32_01_010
    if (!SetHandleInformation(reinterpret_cast<HANDLE>(accepted), HANDLE_FLAG_INHERIT, 0)) {
        log_system_failure(function_name, "SetHandleInformation", GetLastError());
        return nullptr;
    }
    return make_connected_transport(function_name, accepted);
}

} // namespace

SOCKET_ACCEPT_RESULT accept_within(SOCKET_TRANSPORT_HANDLE server, const deadline& limit,
                                   SOCKET_TRANSPORT_HANDLE& accepted) noexcept
{
    SOCKET socket = INVALID_SOCKET;
    const SOCKET_ACCEPT_RESULT result = accept_socket(server, socket, limit);
    if (result != SOCKET_ACCEPT_OK) {
        return result;
    }
    accepted = make_transport(socket);
    if (accepted == nullptr) {
        closesocket(socket);
        return SOCKET_ACCEPT_ERROR;
    }
    return SOCKET_ACCEPT_OK;
}

} // namespace async_socket::detail
