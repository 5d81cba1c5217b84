// SPDX-License-Identifier: MIT

#include "linux/transport/accept_error.hpp"

#include <cerrno>

namespace async_socket::detail {

// SRS_SOCKET_TRANSPORT_LINUX_01_007
bool is_shortage(int error) noexcept
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

// SRS_SOCKET_TRANSPORT_01_033, SRS_SOCKET_TRANSPORT_LINUX_01_008
bool peer_gave_up(int error) noexcept
{
    switch (error) {
    case ECONNABORTED:
    case ECONNRESET:
    case EPERM:
    case ETIMEDOUT:
    case ENOSR:
    case ESOCKTNOSUPPORT:
    case EPROTONOSUPPORT:
    case ENETDOWN:
    case EPROTO:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
        return true;
    default:
        return false;
    }
}

} // namespace async_socket::detail
