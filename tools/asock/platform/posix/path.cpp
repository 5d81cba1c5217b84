// SPDX-License-Identifier: MIT

#include "platform/text.hpp"

namespace asock {

std::filesystem::path path_from_utf8(const std::string& text)
{
    return std::filesystem::path(std::u8string(text.begin(), text.end()));
}

} // namespace asock
