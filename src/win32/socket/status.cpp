// SPDX-License-Identifier: MIT

#include "win32/socket/status.hpp"

namespace async_socket::detail {

// One and the same failure has a number of Winsock's where a call returns it, and one of the kernel's where an
// operation completes with it.
// SRS_ASYNC_SOCKET_EX_01_004, SRS_ASYNC_SOCKET_EX_01_009, SRS_ASYNC_CONNECT_01_013
ASYNC_STATUS status_of_error(DWORD error) noexcept
{
    switch (error) {
    case ERROR_NETNAME_DELETED:
    case ERROR_CONNECTION_ABORTED:
    case WSAENETRESET:
    case WSAECONNABORTED:
    case WSAECONNRESET:
    case WSAENOTCONN: // what is asked about a connection that was reset right after it was made
    case WSAESHUTDOWN:
    case WSAEDISCON:
        return ASYNC_STATUS_RESET;
    case ERROR_SEM_TIMEOUT: // what a ConnectEx without an answer ends with
    case WSAETIMEDOUT:
        return ASYNC_STATUS_TIMED_OUT;
    case ERROR_CONNECTION_REFUSED:
    case WSAECONNREFUSED:
        return ASYNC_STATUS_REFUSED;
    case ERROR_NETWORK_UNREACHABLE:
    case ERROR_HOST_UNREACHABLE:
    case ERROR_PROTOCOL_UNREACHABLE:
    case ERROR_PORT_UNREACHABLE:
    case WSAENETDOWN:
    case WSAENETUNREACH:
    case WSAEHOSTUNREACH:
    case WSAEAFNOSUPPORT: // a machine without the family of the address
        return ASYNC_STATUS_UNREACHABLE;
    case WSAHOST_NOT_FOUND:
    case WSATRY_AGAIN:
    case WSANO_RECOVERY:
    case WSANO_DATA:
        return ASYNC_STATUS_NAME_NOT_RESOLVED;
    case WSAEADDRINUSE:
    case WSAEADDRNOTAVAIL:
        return ASYNC_STATUS_ADDRESS_IN_USE;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
    case ERROR_NO_SYSTEM_RESOURCES:
    case WSAEMFILE:
    case WSAENOBUFS:
        return ASYNC_STATUS_NO_RESOURCES;
    default:
        return ASYNC_STATUS_ERROR;
    }
}

ASYNC_COMPLETION completion_of_reason(end_reason reason, std::uint32_t bytes) noexcept
{
    return {reason == end_reason::timed_out ? ASYNC_STATUS_TIMED_OUT : ASYNC_STATUS_CANCELLED, 0, bytes};
}

bool is_cancellation(DWORD error) noexcept
{
    return error == ERROR_OPERATION_ABORTED;
}

} // namespace async_socket::detail
