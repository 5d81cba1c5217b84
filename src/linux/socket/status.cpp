// SPDX-License-Identifier: MIT

#include "linux/socket/status.hpp"

#include <cerrno>

namespace async_socket::detail {

bool is_fatal(int error) noexcept
{
    switch (error) {
    case 0:
    case EAGAIN:
    case EINTR:
    case ENOMEM:
    case ENOBUFS:
    case ECANCELED:
        return false;
    default:
        return true;
    }
}

bool is_end_of_connection(int error) noexcept
{
    return error == ECONNRESET || error == EPIPE || error == ENOTCONN;
}

// SRS_ASYNC_SOCKET_EX_01_004, SRS_ASYNC_SOCKET_EX_01_009, SRS_ASYNC_CONNECT_01_013
ASYNC_STATUS status_of_error(int error) noexcept
{
    switch (error) {
    case ECONNRESET:
    case EPIPE:
    case ENOTCONN:
    case ECONNABORTED:
    case ENETRESET:
        return ASYNC_STATUS_RESET;
    case ETIMEDOUT:
        return ASYNC_STATUS_TIMED_OUT;
    case ECONNREFUSED:
        return ASYNC_STATUS_REFUSED;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
        return ASYNC_STATUS_UNREACHABLE;
    case EADDRINUSE:
    case EADDRNOTAVAIL:
        return ASYNC_STATUS_ADDRESS_IN_USE;
    case ENOMEM:
    case ENOBUFS:
    case EMFILE:
    case ENFILE:
    case ENOSPC:
        return ASYNC_STATUS_NO_RESOURCES;
    default:
        return ASYNC_STATUS_ERROR;
    }
}

} // namespace async_socket::detail
