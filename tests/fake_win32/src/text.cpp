// SPDX-License-Identifier: MIT

#include "text.h"

#include <algorithm>

#include "call_scope.h"

namespace fake_win32 {

namespace {

// How many bytes a character takes that begins with this one; 0: none does.
std::size_t length_of(unsigned char first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
        return 0;
    }
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

std::optional<char32_t> character(std::string_view bytes)
{
    constexpr unsigned char bits_of_first[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t value = static_cast<unsigned char>(bytes[0]) & bits_of_first[bytes.size()];
    for (const char each : bytes.substr(1)) {
        if ((static_cast<unsigned char>(each) & 0xC0) != 0x80) {
            return std::nullopt;
        }
        value = (value << 6) | (static_cast<unsigned char>(each) & 0x3F);
    }
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = value >= 0xD800 && value < 0xE000;
    return value < least[bytes.size()] || value > 0x10FFFF || is_surrogate ? std::nullopt : std::optional(value);
}

void append_utf8(std::string& to, char32_t value)
{
    const auto tail = [&](unsigned shift) { to += static_cast<char>(0x80 | ((value >> shift) & 0x3F)); };
    if (value < 0x80) {
        to += static_cast<char>(value);
    } else if (value < 0x800) {
        to += static_cast<char>(0xC0 | (value >> 6));
        tail(0);
    } else if (value < 0x10000) {
        to += static_cast<char>(0xE0 | (value >> 12));
        tail(6);
        tail(0);
    } else {
        to += static_cast<char>(0xF0 | (value >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

// What both conversions end with. `size`: of what there is to write.
template <class Character, class Text>
int give(const Text& text, Character* to, int room)
{
    if (room == 0) {
        return static_cast<int>(text.size());
    }
    if (text.size() > static_cast<std::size_t>(room)) {
        last_error() = ERROR_INSUFFICIENT_BUFFER;
        return 0;
    }
    std::copy(text.begin(), text.end(), to);
    return static_cast<int>(text.size());
}

} // namespace

std::optional<std::u16string> utf16_of(std::string_view utf8)
{
    std::u16string units;
    while (!utf8.empty()) {
        const std::size_t length = length_of(static_cast<unsigned char>(utf8[0]));
        if (length == 0 || length > utf8.size()) {
            return std::nullopt;
        }
        const std::optional<char32_t> value = character(utf8.substr(0, length));
        if (!value) {
            return std::nullopt;
        }
        if (*value >= 0x10000) {
            units += static_cast<char16_t>(0xD800 + ((*value - 0x10000) >> 10));
            units += static_cast<char16_t>(0xDC00 + ((*value - 0x10000) & 0x3FF));
        } else {
            units += static_cast<char16_t>(*value);
        }
        utf8.remove_prefix(length);
    }
    return units;
}

std::u16string to_utf16(std::string_view utf8)
{
    return utf16_of(utf8).value();
}

std::string to_utf8(const WCHAR* units, std::size_t length)
{
    std::string text;
    for (std::size_t i = 0; i < length; i++) {
        char32_t value = static_cast<char32_t>(units[i]);
        if (value >= 0xD800 && value < 0xDC00 && i + 1 < length) {
            value = 0x10000 + ((value - 0xD800) << 10) + (static_cast<char32_t>(units[++i]) - 0xDC00);
        }
        append_utf8(text, value);
    }
    return text;
}

std::string to_utf8(LPCWSTR text)
{
    return to_utf8(text, std::char_traits<WCHAR>::length(text));
}

int MultiByteToWideChar(UINT code_page, DWORD flags, LPCSTR text, int length, LPWSTR wide, int room)
{
    if (code_page != CP_UTF8 || (flags & MB_ERR_INVALID_CHARS) == 0) {
        last_error() = ERROR_INVALID_PARAMETER;
        return 0;
    }
    // Its zero is a part of a text whose length is not given.
    std::optional<std::u16string> units =
        utf16_of(length < 0 ? std::string_view(text) : std::string_view(text, static_cast<std::size_t>(length)));
    if (!units) {
        last_error() = ERROR_NO_UNICODE_TRANSLATION;
        return 0;
    }
    if (length < 0) {
        *units += u'\0';
    }
    return give(*units, wide, room);
}

int WideCharToMultiByte(UINT code_page, DWORD flags, LPCWSTR wide, int length, LPSTR text, int room,
                        LPCSTR default_char, BOOL* used_default)
{
    if (code_page != CP_UTF8 || flags != 0 || length < 0 || default_char != nullptr || used_default != nullptr) {
        last_error() = ERROR_INVALID_PARAMETER;
        return 0;
    }
    return give(to_utf8(wide, static_cast<std::size_t>(length)), text, room);
}

} // namespace fake_win32
