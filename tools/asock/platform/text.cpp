// SPDX-License-Identifier: MIT

#include "platform/text.hpp"

#include <string>
#include <system_error>

namespace asock {

std::string to_utf8(const std::filesystem::path& path)
{
    const std::u8string text = path.u8string();
    return {text.begin(), text.end()};
}

std::string error_text(const std::error_code& error)
{
    std::string text = error.message();
    // What the C library of Windows says of the standard's errors that are younger than it.
    if (text.starts_with("Unknown error")) {
        if (error == std::errc::address_not_available) {
            return "address not available";
        }
        text = std::string(error.category().name()) + " error " + std::to_string(error.value());
    }
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == '.' || text.back() == ' ')) {
        text.pop_back();
    }
    return text;
}

} // namespace asock
