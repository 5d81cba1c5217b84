// SPDX-License-Identifier: MIT
//
// UTF-8, which tests and programs write, and UTF-16, which Windows does.

#ifndef FAKE_WIN32_TEXT_H
#define FAKE_WIN32_TEXT_H

#include <optional>
#include <string>
#include <string_view>

#include "windows.h"

namespace fake_win32 {

// Nothing where it is no UTF-8.
std::optional<std::u16string> utf16_of(std::string_view utf8);
std::u16string to_utf16(std::string_view utf8); // of what is
std::string to_utf8(const WCHAR* units, std::size_t length);
std::string to_utf8(LPCWSTR text); // up to its zero

} // namespace fake_win32

#endif
