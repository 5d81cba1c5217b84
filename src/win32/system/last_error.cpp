// SPDX-License-Identifier: MIT

#include "win32/system/last_error.hpp"

#include <cstring>
#include <iterator>

#include "common/diagnostics/log.hpp"
#include "win32/system/text.hpp"

namespace async_socket::detail {

namespace {

// Wine has no texts for most of Winsock's errors; these are the ones that people meet.
const char* text_of_usual_error(DWORD error) noexcept
{
    switch (error) {
    case WSAEACCES:
        return "permission denied";
    case WSAEADDRINUSE:
        return "address already in use";
    case WSAEADDRNOTAVAIL:
        return "address not available on this machine";
    case WSAENETUNREACH:
        return "network unreachable";
    case WSAECONNABORTED:
        return "connection aborted";
    case WSAECONNRESET:
        return "connection reset by peer";
    case WSAENOTCONN:
        return "not connected";
    case WSAETIMEDOUT:
        return "timed out";
    case WSAECONNREFUSED:
        return "connection refused";
    case WSAEHOSTUNREACH:
        return "host unreachable";
    case WSAHOST_NOT_FOUND:
        return "no such host";
    default:
        return "unknown error";
    }
}

} // namespace

// SRS_ASYNC_SOCKET_LOG_01_003
void log_system_failure(const char* function, const char* call, DWORD error) noexcept
{
    if (!log_is_on()) {
        return;
    }
    const DWORD last_error = GetLastError();
    WCHAR wide[256];
    const DWORD wide_length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr, error,
                                             0, wide, static_cast<DWORD>(std::size(wide)), nullptr);
    // Of each unit of UTF-16 at most three bytes come.
    char text[3 * std::size(wide) + 1];
    std::size_t length = wide_length == 0 ? 0 : to_utf8(wide, wide_length, text, sizeof text - 1);
    // The system ends its messages with a full stop and a line break.
    while (length > 0 && std::strchr(".\r\n ", text[length - 1]) != nullptr) {
        --length;
    }
    text[length] = '\0';
    log_failed(function, call, length > 0 ? text : text_of_usual_error(error), static_cast<long>(error));
    SetLastError(last_error);
}

} // namespace async_socket::detail
