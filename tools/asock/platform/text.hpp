// SPDX-License-Identifier: MIT
//
// Every string of the program is UTF-8; these lead to and from what the platform uses.

#ifndef ASOCK_PLATFORM_TEXT_HPP
#define ASOCK_PLATFORM_TEXT_HPP

#include <filesystem>
#include <string>
#include <system_error>

namespace asock {

// As the system takes it, however long it is.
std::filesystem::path path_from_utf8(const std::string& text);
std::string to_utf8(const std::filesystem::path& path);

// The system's text for an error, without the line end and full stop that some systems add.
std::string error_text(const std::error_code& error);

} // namespace asock

#endif
