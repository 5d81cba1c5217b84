// SPDX-License-Identifier: MIT

#include "platform/text.hpp"

#include <string>
#include <system_error>

namespace asock {

// The system takes 260 characters; behind this prefix, an absolute path without dots of any length.
std::filesystem::path path_from_utf8(const std::string& text)
{
    constexpr std::size_t longest = 200; // leaves room for the name of a temporary file beside it
    const std::filesystem::path path(std::u8string(text.begin(), text.end()));
    std::error_code unknown;
    const std::filesystem::path whole = std::filesystem::absolute(path, unknown).lexically_normal();
    const std::wstring& name = whole.native();
    if (unknown || name.size() <= longest || name.starts_with(L"\\\\?\\") || name.starts_with(L"\\\\.\\")) {
        return path;
    }
    const bool is_share = name.starts_with(L"\\\\");
    std::wstring prefixed = is_share ? L"\\\\?\\UNC" + name.substr(1) : L"\\\\?\\" + name;
    for (wchar_t& each : prefixed) {
        each = each == L'/' ? L'\\' : each;
    }
    return prefixed;
}

} // namespace asock
