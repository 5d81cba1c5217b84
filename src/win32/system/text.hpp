// SPDX-License-Identifier: MIT
//
// Text of the program's, which is UTF-8, and of the system's, which is UTF-16. (The functions of the system that take
// char read it by the code page of the machine.)

#ifndef ASYNC_SOCKET_WIN32_SYSTEM_TEXT_HPP
#define ASYNC_SOCKET_WIN32_SYSTEM_TEXT_HPP

#include <winsock2.h>

#include <cstddef>

namespace async_socket::detail {

// With the zero at its end. False where there is no room for it, or it is no UTF-8.
[[nodiscard]] inline bool to_wide(const char* text, WCHAR* wide, std::size_t room) noexcept
{
    return MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, wide, static_cast<int>(room)) != 0;
}

// The number of bytes; 0 where there is no room for it.
[[nodiscard]] inline std::size_t to_utf8(const WCHAR* wide, std::size_t length, char* text, std::size_t room) noexcept
{
    const int bytes =
        WideCharToMultiByte(CP_UTF8, 0, wide, static_cast<int>(length), text, static_cast<int>(room), nullptr, nullptr);
    return static_cast<std::size_t>(bytes);
}

} // namespace async_socket::detail

#endif
