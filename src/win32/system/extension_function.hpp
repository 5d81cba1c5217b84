// SPDX-License-Identifier: MIT
//
// Functions of Winsock's that a program has to ask a socket for.

#ifndef ASYNC_SOCKET_WIN32_SYSTEM_EXTENSION_FUNCTION_HPP
#define ASYNC_SOCKET_WIN32_SYSTEM_EXTENSION_FUNCTION_HPP

#include <winsock2.h>

#include <mswsock.h>

namespace async_socket::detail {

// nullptr and the last error on failure.
template <typename function_pointer>
[[nodiscard]] function_pointer extension_function(SOCKET socket, GUID name) noexcept
{
    function_pointer function = nullptr;
    DWORD size = 0;
    return WSAIoctl(socket, SIO_GET_EXTENSION_FUNCTION_POINTER, &name, sizeof name, &function, sizeof function, &size,
                    nullptr, nullptr) == 0
               ? function
               : nullptr;
}

} // namespace async_socket::detail

#endif
