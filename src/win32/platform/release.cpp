// SPDX-License-Identifier: MIT

#include "win32/socket/socket.hpp"
#include "win32/system/last_error.hpp"
#include "win32/system/winsock.hpp"
#include "win32/transport/socket_transport.hpp"

namespace async_socket::detail {

namespace {

// Another handle of the same socket, which lasts when the first is closed; INVALID_SOCKET and the last error on
// failure.
SOCKET another_handle(SOCKET socket) noexcept
{
    WSAPROTOCOL_INFOW info{};
    if (WSADuplicateSocketW(socket, GetCurrentProcessId(), &info) != 0) {
        return INVALID_SOCKET;
    }
    return WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0,
                      WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

} // namespace

bool duplicate_connection(const char* function, ASYNC_SOCKET_HANDLE socket, SOCKET_HANDLE& duplicate) noexcept
{
    // SRS_SOCKET_TRANSPORT_WIN32_01_017: the program's, from the release on.
    const DWORD start_error = start_winsock();
    if (start_error != 0) {
        log_system_failure(function, "WSAStartup", start_error);
        return false;
    }
    SOCKET own = INVALID_SOCKET;
    DWORD error = WSAENOTCONN;
    {
        const transport_use use(socket->transport);
        if (use) {
            own = another_handle(socket->transport->socket);
            error = static_cast<DWORD>(WSAGetLastError());
        }
    }
    if (own == INVALID_SOCKET) {
        log_system_failure(function, "WSADuplicateSocketW", error);
        end_winsock();
        return false;
    }
    duplicate = reinterpret_cast<SOCKET_HANDLE>(own);
    return true;
}

void close_duplicate(SOCKET_HANDLE duplicate) noexcept
{
    closesocket(reinterpret_cast<SOCKET>(duplicate));
    end_winsock();
}

} // namespace async_socket::detail
